"""What every app shares: security headers, error pages, the page frame."""
