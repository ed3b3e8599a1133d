"""One file a language: what we say about follow-ups, and how it says that something comes again."""
