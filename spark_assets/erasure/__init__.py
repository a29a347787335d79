"""Customers who asked to be erased: none of their lines is loaded, and what the lake holds of them goes."""
