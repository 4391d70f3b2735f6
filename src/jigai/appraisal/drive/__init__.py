"""Variable-speed drives on pumps and fans: system curve with static head, affinity laws, losses, load profile."""
