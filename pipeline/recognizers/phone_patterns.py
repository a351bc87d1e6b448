"""Shapes that people write phone numbers in, what stands before and after one, and what makes a number none."""

import re

# Digits parted by one letter each ("2a1a3a…"), or groups by one ("213x555x0123") or a few ("213call555now0123").
LETTERED = re.compile(
    r"[0-9](?<![^\W_]\d)(?:\d{0,3}([a-z])\d{1,4}(?:\1\d{1,4}){1,12}"
    r"|\d\d\s?[a-z]{1,4}[\s-]?\d{3}(?:\s?[a-z]{1,4}[\s-]?|[-. ])\d{4})(?![^\W_])",
    re.I,
)
EXTENSION = re.compile(
    r"[\s,;(/-]{0,4}(?:x|ext(?:ension|n)?|extn|#|anexo|ramal|poste|interno|int|apparaat|dw)[\s.:#]{0,3}\d{1,6}(?!\d)",
    re.I,
)
SHAPES = re.compile(
    r"""(?:\+?\s?\d{1,3}[\s.-]{0,3})?\(?\d{3}\)?[^\w\n]{0,4}\d{3}[^\w\n]{1,4}\d{4}  # 213 555 0123
      | \(\d{3}\)\s?\d{3}[^\w\n]{0,4}\d{4}
      | \d{3}[-.]\d{4}                                                         # 555-0123
      | \(?0\d{1,4}\)?[\s./-]{1,3}\d{2,4}[\s.-]{1,3}\d{2,5}(?:[\s.-]{1,3}\d{2,4})?  # 080 5550 0123, a trunk prefix
      | \(?0[1-9]\d{1,3}\)?[\s./-]{1,3}\d{5,8}
      | 0[1-9](?:[^\w\n,:]{1,3}\d\d){4}                                        # 06 12 34 56 78, 06*12*34*56*78
      | \(\d{2,4}\)\s?\d{3,5}[\s.-]{1,2}\d{3,5}                                # (33) 3461 2234
      | \d{3}[\s.-]\d{3}[\s.-]\d{2}[\s.-]\d{2}                                 # 532 123 45 67
      | \d{5}[\s.-]\d{5,6} | \d{4}[\s.-]\d{3}[\s.-]\d{3,4} | \d{2}[\s.-]\d{4,5}[\s.-]\d{4}
      | 0[\s.-]?\(?\d{2,3}\)?[\s.-]?\d{3}[\s.-]?\d{2}[\s.-]?\d{2}              # 0 532 123 45 67
      | 0[1-9]\d{8,9} | 1[3-9]\d{9} | [2-9]\d{9}                               # bare
    """,
    re.VERBOSE,
)
CUE = re.compile(
    r"""(?<![^\W_])(?:call(?:s|ing)?|phones?|ph|tel|telephone|telefone?|telefon\w?|telepono|telefoon|cell|cel|celular
      |mobile?|movil|mob|movel|text(?:s|ing)?|txt|sms|imessage|whats\s?app|wh?atsap|wapp|wsp|wpp|fax|dial|ring|contact\w?|number
      |numer\w|num|nr|no|line|digits|desk|office|direct|reach|hit\s(?:me|us)|hmu|answering|registered|landline|home|work|pager
      |beeper|hotline|helpline|toll\s?free|reception|page|buzz|beep|viber|signal|telegram|imo|facetime
      |llam[aeo]\w{0,4}|marc[ae]\w{0,3}|marque\w{0,2}|escrib\w{1,5}|mensaje\w?|mandame|contacta\w{0,3}|comunic\w{1,6}
      |appel\w{1,4}|telephon\w{1,4}|portable|numeros?|joindre|joignable|contacte\w|lig(?:a|ue|ar|ue-me|ando)|fone|zap
      |chama\w?|chame|contato|contacto|recado|ligacao|rufen|anruf\w{0,3}|handy|chiama\w{0,3}|cellulare)
      (?![^\W_])[^\w\n]{0,6}(?:\w{1,8}[^\w\n]{1,5}){0,3}$
      |(?<![^\W_])(?:plus|mas|mais|(?:country|area)\scode|codigo)\s$
      |[\u260e\u2706\U0001F4DE\U0001F4F1\U0001F4F2\U0001F919\U0001F4E0][^\w]{0,6}$""",
    re.I | re.X,
)
CUE_BEHIND = re.compile(
    r"[^\w\n]{0,4}(?:whats\s?app|whats|wsp|wpp|wasap|wassap|zap|viber|cell|cel|celular|movil|mobile)(?![^\W_])", re.I
)
NO_CUE = re.compile(
    r"""(?<![^\W_])(?:isbn|issn|sku|upc|ean|patent|(?:order|pedido|commande|ref|reference|job|req|requisition|invoice
      |factura|case|license|licence|lic|item|model|serial|posting|vacancy|position|opening|article|batch|ticket|tracking
      |policy|code|codigo|version)(?:[^\w\n]{1,3}(?:no|number|num|nr|id|code|numero)|(?=\s?[:#.]))|ids?)
      [^\w\n]{0,4}$""",
    re.I | re.X,
)
TICKET = re.compile(r"\d[\d -]*")  # how such numbers are written …
USUAL = re.compile(r"1?[-. ]?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}")  # … and how they are not
LETTERS_NEXT = re.compile(r"\)?[-. ]{0,2}\d?-?[A-Z\d]|-[a-z]")
VANITY = re.compile(
    r"""(?=[+(0-9])(?<![\w-])(?:\+?1[-. ]{0,2})?\(?8(?:00|33|44|55|66|77|88)\)?[-. ]{0,2}
        (?=[A-Z\d]{0,9}-?[A-Z\d]{0,9}[A-Z]{3})[A-Z\d](?:-?[A-Z\d]){6,11}(?![\w-])
      | (?<![\w-])(?:\+?1[-. ]{1,2})\(?8(?:00|33|44|55|66|77|88)\)?-[a-z\d](?:-?[a-z\d]){6,11}(?![\w-])
      | (?<![\w-])\(?[2-9]\d\d\)?[-. ]{1,2}\d{3}[-. ][A-Z]{4}(?![\w-])
    """,
    re.X,
)
