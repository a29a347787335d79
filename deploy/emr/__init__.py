"""What EMR needs once: the packed environment and the account's roles, bucket and network (`template.yaml`)."""
