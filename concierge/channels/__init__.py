"""The ways people reach us, one vendor a file.

A *channel* turns a vendor's webhook into our words (`Inbound`, `Receipt`); reading is pure. A *transport*
hands one outbound message to a vendor and says what became of it; only sending touches the network.
`docs/adding-a-channel.md` walks through a new one.
"""
