"""Follow-ups: found in what people write, done when they are due.

    message → extraction → task: needs_clarification ⇄ pending → due → executing → sending → done

`extraction` asks the model and settles its reading, `texts` say it back, `scheduling` turns a person's words about
time into an instant, `executing` does what is due.
"""
