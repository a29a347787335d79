"""Pure transforms from frame to frame."""
