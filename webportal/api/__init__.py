"""The REST API v1: what a CRM reads, with tokens, under the same permissions as the pages."""
