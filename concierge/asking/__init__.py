"""Who answers a question, what it cost, and what is kept of it.

    chain of the agent for the purpose → each model in turn until one answers → a row `model_call` for every try

`chains` chooses, `answering` asks. Nothing here is open while a model thinks.
"""
