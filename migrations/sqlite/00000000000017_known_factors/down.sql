DROP TABLE known_factors;
