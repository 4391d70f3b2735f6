"""What enterprises answer: photos of devices, objections to findings, checks at the site."""
