"""What is said about follow-ups, in the languages we speak: a file a language, with blanks that `wording` fills."""
