"""Email: one door for each vendor that hands mail in, one transport for each way out.

Every door turns its vendor's webhook into a `letters.Letter`, and there it is decided, alike for all, who is to be
answered, what is new in it and whether a person wrote it. `generic` reads plain JSON, `raw` the mail itself;
`postmark`, `mailgun`, `sendgrid`, `brevo`, `resend` and `ses_webhook` (through `sns`) their vendors' shapes. `mime`,
`words`, `forms`, `addresses`, `quoting`, `plaintext` and `automated` are what they read with; `attached` gives an
attachment's bytes back. `composing` and `markup` write a message; `ses` and `smtp` send it. What became of it their
vendors say (`<vendor>_events`), by the mark (`marks`) that `relays` has it carry; `verdicts` says what that means.
"""
