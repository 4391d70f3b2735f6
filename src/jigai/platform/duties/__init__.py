"""The task ledger (任务台账): what the plan asks for, who has taken it on, how far it is, what is late."""
