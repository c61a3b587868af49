"""The pages that the server renders: everything that is not live and has to work without JavaScript.

`shell` renders a template inside `base.html`; `navigation` lists the pages that exist. `docs/pages.md` says
how one is added: one handler, one template, one entry.
"""
