"""The same kernel at any scale: :mod:`local` for one machine, :mod:`batches` for engines that map record batches."""
