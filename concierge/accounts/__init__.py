"""Channel accounts by the API: added, tried out, paused, resumed, removed; and the texts their vendors approved."""
