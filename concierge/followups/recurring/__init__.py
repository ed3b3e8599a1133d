"""Follow-ups that come again: `rules` says when, `planning` plans the next time."""
