"""What vendors report beside messages and receipts: `echoes` of what left an account, `notices` about the account."""
