"""What happened: who looked at whom, who changed what. Only ever added to."""
