"""Makes common-passwords.txt from its three sources; see NOTICE.md for where each comes from and under which licence.

    python3 collect.py 10_million_password_list_top_1M.txt common-passwords.txt.gz passwords.json > common-passwords.txt

The first source is ordered by how often a password was seen. Kept are: of its first RANKS lines and of the other two
sources, the passwords of at least 8 characters; of all its lines those of at least LONG characters, so that a policy with
a long minimum has a list to check against as well; of its first SHORT_RANKS lines those of 4 to 7 letters, which people
lengthen with digits to please a rule.
"""

import gzip
import json
import sys

RANKS = 300_000
LONG = 13
SHORT_RANKS = 20_000


def printable(password):
    return password.isascii() and password.isprintable() and password.strip() == password


def main(seclists, django, zxcvbn):
    with open(seclists, encoding="latin-1") as lines:
        everything = [line.rstrip("\n") for line in lines]
    with gzip.open(django, "rt", encoding="utf-8") as lines:
        others = [line.rstrip("\n") for line in lines]
    with open(zxcvbn, encoding="utf-8") as file:
        others += json.load(file)
    common = {it for it in everything[:RANKS] + others if len(it) >= 8}
    long = {it for it in everything if len(it) >= LONG}
    short = {it for it in everything[:SHORT_RANKS] if 4 <= len(it) <= 7 and it.isalpha()}
    for password in sorted(filter(printable, common | long | short)):
        print(password)


if __name__ == "__main__":
    main(*sys.argv[1:])
