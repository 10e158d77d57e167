"""The numbers of the promise. /zo-tellen-we prints them; nothing else may repeat them."""

K_GEMEENTE = 10
"""People in a bundle of one gemeente or regio, at least."""
K_POOL = 25
"""Accounts that can vote, from which a gemeente is counted apart, at least."""
POOL_DAYS = 14
"""Days from its opening that answers to an edition go to pools; later ones are national."""
K_NATIONAL = 20
"""People in a bundle of the national box, at least."""
K_SESSION = 5
"""People in a live session's totals, at least."""
SHIFT_SESSIONS = 3
"""Live sessions of at least `K_SESSION` people in a count of shifts, at least.

None of them may have more than half of the people.
"""
SHIFT_WEEKS = 26
"""Weeks that the key of a box of shifts lives; what was not counted by then is destroyed."""
# D-54
K_ATTRIBUTE = 400
"""Loose attributes in a box before it is opened, at least.

In small boxes a rare or nearly unanimous value is not counted apart, so that tables lean. What
does not come to so many is opened once, when it is `LATE_DAYS` old.
"""
K_ATTRIBUTE_LATE = 50
"""The same in a box that has waited `LATE_DAYS`: its key is near its end."""
LATE_DAYS = 25
"""Days after which `K_ATTRIBUTE_LATE` loose attributes are enough."""
K_ATTRIBUTE_VALUE = 10
"""People behind one value of an attribute, at least."""
NEW_DAYS = 30
"""Days that an account, or a pool, is new."""
NEW_PART = 3
"""Of those who count toward a threshold at most one in so many is new.

Not in a pool that is new itself: it must be able to begin.
"""
PROOF_DAYS = 14
"""Days until somebody whose work address no mail or single sign-on proved counts toward it."""
HANDED_INVITATIONS = 3
"""Open invitations of a gemeente whose link was not mailed, at a time, at most."""
MARGIN = 3
"""People in a bundle who did not choose its largest option, at least.

Two of them who tell each other what they chose then learn nothing about the third.
"""
MARGIN_SESSION = 2
"""The same in a live session's totals, where everyone in the room sees who is there."""
TOP_SHARE = 80
"""Percent: a larger share in a gemeente or regio is shown as "ruim" this much, without numbers."""
LONE_ROUNDING = 10
"""National totals round what they hold of one such pool to this; of more, to `ROUNDING`."""
COARSE_STEP = 10
"""Percent: shares without numbers of people are multiples of this."""
COMES_BACK_SHARES = 80
"""Answers to a dilemma that was counted before, from which shares in tens are told."""
COMES_BACK = 200
"""The same from which their numbers are told."""
NIGHTS = 3
"""Nights that an envelope waits in a gemeente's box before it moves to the national one."""
ROUNDING = 5
"""Attribute cells are shown to the nearest multiple of this; between 0 and it as `<5`."""
TICK_MINUTES = 15
"""Minutes between two looks into the boxes; an envelope lives through at least one."""
KEY_DAYS = 30
"""Days that loose attributes wait at most; what waits then is destroyed with its key."""
EDITION_WEEKS = 26
"""Weeks that an edition takes answers."""
PATTERN_MINIMUM = 20
"""Counted answers before a kraakvraag leans on figures."""
AGENDA_MINIMUM = 3
"""Colleagues who put a dilemma on the agenda before their number is shown."""
AGENDA_STEPS = (AGENDA_MINIMUM, 5, 10, 20)
"""The numbers of colleagues that are told to want to talk about a dilemma, each as "at least"."""
