"""How dates and numbers are written for readers of each region; the words stay English. Django finds them by name."""
