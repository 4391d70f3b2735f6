"""What files of enterprises become: enterprises and sites, production lines, annual figures of both."""
