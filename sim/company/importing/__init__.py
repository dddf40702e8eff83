"""From a company's files to its people, links, survey and goals."""
