"""A city's plan as data, and numbers that open: objectives, indicators, forecast, scorecard."""
