"""One file a language: names of months and days, plurals, and our own words."""
