"""Credits: what answers cost, in a ledger that always sums.

    grant (+n)        somebody paid
    reserve (-n)      before a model is asked, committed by itself: what is taken cannot be taken twice
    settle (+unused)  in the transaction that stores the answer
    release (+n)      nothing was answered, or nobody ever ended the reserve

Entries are only ever added; a trigger keeps the balance, and Postgres refuses one below zero, a refund larger than its
reserve, two open reserves of one turn and a second end of the same reserve. A tenant without an account is not metered.
"""
