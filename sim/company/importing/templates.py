"""Files to fill in: one of each kind, with an invented row or two."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    "people.csv": "person_id,manager_id,department,job_title,fte,hire_date\n1,,,Founder,1,2015-03-01\n2,1,Sales,Head of sales,1,2018-09-01\n3,2,Sales,Account manager,0.8,2021-01-15\n",
    "links.csv": "source,target,weight,type\n3,2,2,directed\n2,1,1,directed\n",
    "departments.csv": 'department,role,asked_for,paid_for,incentive,automation\nSales,promise,"premium 1; niche 0.5","broad 1; fast 0.5",0.45,0\n',
    "survey.csv": "person_id,B1,B2,E1,E2,K1\n2,4,2,5,4,first priority\n3,3,3,2,3,no idea\n",
    "items.csv": (
        "item,construct,low,high,reversed,key\nB1,belief,1,5,,\nB2,belief,1,5,yes,\nE1,engagement,1,5,,\nE2,engagement,1,5,,\n"
        "K1,knowledge,,,,first priority|priority one\n"
    ),
    "facts.csv": (
        "fact,value,sd,source\nengagement,0.6,0.05,survey\nturnover,0.2,0.06,leavers over posts in the last year\n"
        "rework,0.2,0.05,hours booked on repairs of own work\nsatisfaction,0.7,0.05,customer cards\ngrowth,0.03,0.05,orders against last year's\n"
    ),
    "cases.toml": (
        '# Costs are in weeks of the firm\'s total cost, once (cost) and every year (cost_per_year).\n\n[[cases]]\nname = "Clearer vision"\n'
        'cost = 0.3\nset = { "founder.clarity" = 0.85 }\n\n[[cases]]\nname = "Automate half of the desk"\ncost = 2\n[[cases.events]]\n'
        'kind = "automation"\nweek = 8\nshare = 0.5\n'
    ),
}
"""File name -> content."""
