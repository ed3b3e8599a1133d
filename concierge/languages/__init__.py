"""The languages we speak to customers, and how each speaks of time. What is said in them stands with who says it.

`speaking` chooses a language and reads the words a room has in it; `dates` names dates, zones and spans; `counting`
has the forms that numbers want.
"""
