"""Questionnaires as staff write them (XLSForm) and as a conversation walks through them."""
