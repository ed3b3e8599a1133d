"""Who answers a question, what it cost, and what is kept of it.

    chain of the agent for the purpose → each model in turn until one answers → a row `model_call` for every try

`chains` says who is asked, `admitting` who must not be just now (a provider that rests, a budget that is used up),
`pseudonyms` what a provider is shown in place of personal data, `threads` what it still knows, `recording` keeps what
came of it, `answering` tells the story. Nothing is open while a model thinks.
"""
