"""The scorecard of counties and zones: points by the plan's weights, kept versions, and who is recommended."""
