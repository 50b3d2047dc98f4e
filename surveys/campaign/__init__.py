"""Campaigns: what is planned, what is wrong with the plan, and what its messages may say."""
