"""One file a language: names of months and days, patterns of dates, spans of time in their plural forms."""
