"""A census day in Kota Pekalongan, invented: its areas, businesses, staff, visits and mistakes.

Everything here follows from a seed. Every name, number and place of business is made up: mobile
numbers begin with 084, landlines with 02850, NIB with 99, serials of NIK with 9, which nobody is
given; mail and web addresses end in .example.
"""
