# Everything is one command. What a command needs beside the Rust toolchain, it installs (see scripts/need).

.DEFAULT_GOAL := help
.PHONY: help run release test test-quick test-busy lint fmt openapi clients clients-all demo bench bench-seed mutants deny clean

help: ## Show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: ## Build and start the service on 127.0.0.1:8080, with its data in ./data
	@scripts/run

release: ## Build the program for a machine that serves: target/release/latchkey, which needs no library beyond libc
	@scripts/need c-compiler make perl
	cargo build --release --locked --bin latchkey --features bundled

test: ## Check everything: lints, tests on both databases, contract, clients, fuzzing, reference page, demo
	@scripts/test

test-quick: ## Format, layers, clippy, and all tests on SQLite but the slow ones (minutes, once it is built)
	@scripts/test format layers clippy quick

lint: ## The checks that run nothing: format, clippy, documentation, words, layers, dependencies, scripts, contract
	@scripts/test format layers dependencies scripts clippy docs words contract

test-busy: ## Run the black-box tests three times on both databases, beside processes that use all cores
	@scripts/test busy

fmt: ## Format the code
	cargo fmt --all

openapi: ## Rewrite openapi.yaml from the code
	UPDATE_EXPECT=1 cargo test --quiet --workspace --lib openapi

clients: ## Generate the TypeScript and the Python client, and let them play every flow
	@scripts/test build typescript python

clients-all: ## Generate clients in twelve more ways with openapi-generator, and let eight of them sign in (minutes)
	@scripts/test build && scripts/clients-all

demo: ## Play the story of two-factor sign-in in this terminal
	@scripts/test build demo

bench: ## Measure the release build; the report goes to target/bench/report.md
	@scripts/bench

bench-seed: ## Make the databases with accounts of 1,000 and 1,000,000 users in target/bench, which bench uses (minutes)
	@scripts/bench-users --seed-only

mutants: ## Change the crates without I/O in small ways, and see that their tests notice (an hour or more; not part of test)
	@scripts/mutants

deny: ## Run cargo-deny itself on deny.toml (builds it once, which takes minutes)
	@scripts/deny

clean: ## Remove what was built
	cargo clean
	rm -rf clients/openapi-generator/node_modules clients/typescript/node_modules clients/typescript/dist scripts/tools/node_modules
