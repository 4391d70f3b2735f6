"""Report forms of the province as data, filled from figures that open, and what is told of them."""
