"""The functions of ODK XPath, by name, in rooms by what they work on.

What JavaRosa does not know is not here either: a form that the phone would refuse is refused.
"""

from forms.xpath.functions import choices, codes, dates, flow, geo, nodes, numeric, strings
from forms.xpath.operand import Functions

FUNCTIONS: Functions = {
    **choices.FUNCTIONS,
    **codes.FUNCTIONS,
    **dates.FUNCTIONS,
    **flow.FUNCTIONS,
    **geo.FUNCTIONS,
    **nodes.FUNCTIONS,
    **numeric.FUNCTIONS,
    **strings.FUNCTIONS,
}
