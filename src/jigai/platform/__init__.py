"""The workplace: a web site on top of the core, through which people act on what it finds.

It holds people, places, enterprises, forms, pages, jobs and storage. It never holds formulae, thresholds or catalogue
knowledge: those are the core's.
"""
