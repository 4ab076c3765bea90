"""What an editor should know before publishing one of our pages: few things stop it, most are only told.

``values`` are plain facts about a draft, ``rules`` (pure) says what is wrong with them, ``words`` makes sentences of that,
``reading`` collects the facts, ``panel`` shows the list in the editor.
"""
