"""What all pages for staff under /pflege share: who may see them, their forms, their cookies, their look."""
