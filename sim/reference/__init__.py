"""The model a second time, as plain Mesa objects: written from the specification, independently of the engine.

One object per agent, one function per phase, one sentence of the specification per line: the model as one would write
it on a blackboard. It is slow (some 0.1 ms a person and week) and there to be read, to be changed first when a rule is
tried out, and to check the engine, with which it shares the scenario, the names of the series and the streams of chance
(`sim.engine.streams.stream`), and nothing else.

Where to find what: `week` is the week, phase by phase; `firm` founds a firm and lets people join; `founder` learns;
`department` and `employee` say what agents hold and do alone; `market`, `steering`, `rowing`, `work`, `customers`,
`money` and `mood` are the phases; `happenings` are the events; `measured` is what is noted.

Decisions
---------
Where the specification leaves room, this is how it is read here.

1. *Reviews before week 0.* Reviews are due in every week that is a multiple of review_every, those of the past and week 0
   included, except in the very first week that the firm lives: there is no last week's coherence to read. Without a past
   that first week is week 0.
2. *Posts that open.* The weeks in a row of full books and cash are counted from week 0.
3. *What a convinced head hears.* People hear words as long as the head's understanding, |h_d|, as without frames.
4. *Exact results.* Dissent counts as a direction where its spread, root mean square over the reports, is above 1e-9. The
   estimate without reports, V1, is not scaled to length 1. Whether results are exact is asked of the week in which they
   were made.
5. *The goals event* sets goals and functional goals, as a goal given at the founding does: rewards do not relapse from it.
6. *Who is turned.* A turned department's filled posts get the new preference; vacant posts have none.
7. *Pockets and set events* that end give back what was before, first thing in the week, before the week's events act.
8. *The first stress* is that of the buffer also for thrift in week 0; in the past there is neither stress nor thrift.
9. *New at work.* Somebody who fills a vacant post in phase 12 of week t has worked 0 full weeks in week t+1, 1 in week
   t+2; also in a post that the firm opened itself.
10. *Draws of owners* are taken in the past too; cash is set back at the end of the week anyway, and nothing is noted.
11. *Rounding* may leave an attraction just below 0, which has no power; it counts as 0.
12. *What automation is built for* is v_d of last week, side business included; what is kept while a department is empty is
   the mean direction of its people without it.
13. *Use of capacity* is the mean over the departments that have any.
14. *Spread of engagement* is the standard deviation of the people there are, not an estimate for others. ICC(1) counts
   groups of unequal size by n0 = (n - sum n_g^2/n)/(G - 1), sums squares over axes where it is of directions, and is 0
   where there is nothing to compare.
15. *Worth* is cash, with all that owners have drawn since week 0 and less all that they have forgone.
"""

from __future__ import annotations

from sim.reference.firm import ReferenceFirm, reference_run, run_to_the_end

__all__ = ["ReferenceFirm", "reference_run", "run_to_the_end"]
