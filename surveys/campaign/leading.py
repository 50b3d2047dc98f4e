"""The list of wordings that ask for a particular answer, seen on handbills and in group messages of evaluated units."""

from __future__ import annotations

import re

GIVE = "(?:打|给|评|评价|投|填|选|选择|勾选|勾|刷|来|送|赏|写|按|点)"
TO_US = (
    "(?:了|个|上|出|予|一个|我们?|咱们?|本?社区|本?单位|本?街道|本?村|他们?|它们?|全部|都|满满的?|工作|服务|窗口|干部)*"
)
ASK = (
    "(?:请|务必|一定要?|记得|恳请|希望|就|都|要(?!求)|一律|统一|全部?|必须|敬请|麻烦|拜托|帮忙?|(?<!要)求"
    "|可以|直接|只管|只能|只需|尽量|多)"
)
MUCH = "(?:非常|很|十分|特别|比较|最|都|全|满|百分之百|百分百|100|是|为|了|个|出)*"
#: A scale, a choice between rungs or a question follows: the word is explained, not asked for.
NEUTRAL = (
    "(?!度|率|吗|么|与否|或|还是|程度|情况|的(?!答案|回答|评价|选项)|才|不|就|请[回按选]|有多|如何|问卷"
    "|调查|评价|测评|指数|、)"
)
#: Further rungs within reach, unless they are forbidden.
NO_OTHER_RUNG = (
    "(?!.{0,16}?(?<!不要)(?<!别)(?<!勿)(?<!不能)(?<!不可)(?<!不选)(?<!不答)(?<!不说)(?:不太?满意|一般"
    "|基本满意|不太?安全|不知道|不支持))"
)
NOT_DENIED = "(?<!不)(?<!不太)(?<!是否)(?<!不够)"
TAKE = "(?:回答|答复|答|说|回复|回|填写|填|选择|选|勾选|勾|打|评价|评|投|写|点|按|表示|给予|给|报|讲)"
#: 10分 and its like; ten minutes, a range, a total and an explained scale are something else.
NO_SCORE = "(?!钟|制|之|表示|代表|为|是|以|满|计|指|最高|最低|量表|评分|题|即|评价法|标准|[为是]?[最很非])"

CHINESE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:请|求|争|争取|要|拿|得|力争|确保|必须)?{GIVE}{TO_US}满分",
        (
            r"(?<!总分)(?<!计分)(?<!每题)(?<!每项)(?<!各项)(?<!单项)(?<!本题)(?<!试卷)(?<!问卷)满分"
            r"(?!为|是|制|值|计|均|都是|各|按|标准|\d|一百|十|五|百|与|和|的(?!答案|评价|回答|成绩|好评))"
        ),
        (
            f"{ASK}?(?:您|大家|各位|我们?)?(?<!如)(?<!例)(?<!按)(?:打|给|评|投|填){TO_US}(?:一百|100|10|5|9|8|五"
            "|九|八)分(?!钟|制|之|以下|或|到|至|及以下)"
        ),
        (
            f"(?:打|给|评|投|填){TO_US}十分(?!感谢|重要|必要|抱歉|欢迎|期待|关注|重视|宝贵|高兴|荣幸|简单|方便"
            "|认真|清楚|满意|之|钟|制|仔细|准确|详细|客观|真实)"
        ),
        rf"(?<![\d\-到至共计约占满最高每各得扣加减需用时花短分概和或由第过为题点是])(?:10|100)分{NO_SCORE}",
        rf"(?:打|给|评|投|填){TO_US}(?:最)?高分|(?:请|求|争取).{{0,4}}最?高分|高分好评",
        (
            "点(?:个|一个|下|一下|上|了)?(?:大|小)?赞(?!助|成|同|数|量|率)|(?:求|给|送)(?:个|一个)?赞(?!助|成"
            "|同)|赞一[个下]"
        ),
        (
            r"(?:请|求|给|留|打|刷|送|发|写|赏|来|点|期待|希望).{0,6}(?<!不)好评(?!率|度|指数|中评|差评|或|与|还是|优|率)"
            "|(?<!受)(?<!获)(?<!得)(?<!获得)(?<!赢得)(?<!得到)(?<!博得)(?<!一致)(?<!不)好评(?!率|度|指数|中评"
            "|差评|或|与|还是|系统|如潮|办件|优|活动)"
        ),
        (
            rf"{GIVE}{TO_US}(?:五|5)颗?星"
            r"|(?<![\-到至高共\d])(?:五|5)颗?星(?!级(?:酒店|宾馆|饭店|标准)|红旗|村|社区|街|路|小区|镇|乡|大道"
            "|广场|花园|学校|小学|中学|电影|公司|体育|大队|组|居委会|电器|制|为|是|表示|代表|最)"
        ),
        rf"{ASK}.{{0,8}}?{TAKE}.{{0,4}}?{MUCH}{NOT_DENIED}满意{NEUTRAL}{NO_OTHER_RUNG}",
        (
            "(?<!按)(?:回答|答|填|选择|选|勾选|勾|打|投|评)(?:上|个|一个|了|成|为"
            f"|是)?{MUCH}{NOT_DENIED}满意(?:票|项)?{NEUTRAL}{NO_OTHER_RUNG}(?!.{{0,3}}(?:原因|理由|对象|单位"
            "|选项后))"
        ),
        (
            "(?:不要|别|勿|不能|不可|不得|切勿|不许|千万别|千万不要|切莫).{0,4}?(?:回答|答|说|选择|选|勾|打|填"
            "|评|给|投|讲|回复|回)(?:出|个|了|是|成)?"
            r"(?:不太?满意|不好|不安全|不知道|一般|差评|低分|否|没有|坏话|差)"
        ),
        (
            "(?:说|讲|道|提|留)(?:些|点|几句|一些|一点)?(?:好话|好的一面)|美言|往好(?:里|了|处)(?:说|填|评|打"
            "|讲)|说好不说坏|不说坏话|只说好|多说优点|说优点|高抬贵手|手下留情|笔下留情"
        ),
        (
            "(?:不|别|勿|莫)(?:要)?(?:打|给|投)(?:我们?|出|个)*(?:低分|差评|反对票|零分|0分)|(?:不要|别|勿)扣分"
            "|(?:给|帮)(?:我们?|咱们?|本?单位|社区)加分"
        ),
        r"(?:在.{0,3})(?<!不)(?<!不太)满意.{0,1}(?:栏|一栏|处|后面?|上|里|框|格|项)(?:内|中)?(?:打|画|划|勾|涂)",
        (
            "(?:投|打|画|划)(?:上|了|出)?(?:非常|很)?满意票|满意票(?!数|率|的)|满意(?:有奖|有礼|送|领奖|领红包"
            "|返现)|(?:投|为|给|请).{0,6}(?:我们?|咱们?|本单位|我社区|我街道)(?:的)?(?:宝贵)?一票"
            r"|投(?:出|上|下)?(?:您)?(?:宝贵|神圣)?(?:的)?(?:支持|赞成|满意|肯定)(?:的)?(?:一)?票"
        ),
        r"(?:竖|伸|点|给|送|发)(?:起|出|个|上|一个|我们)*大?(?:大)?拇指",
        (
            "(?:请|都|就|一律|统一|全部?|务必|一定|直接|记得|只|题题|每题都?|题都)(?:勾选|选择|选|勾|填|答|打"
            r"|回复?)(?:题)?a(?![a-z\d\-])(?!或|和|还是|与|到|至|类|组|班|级|栋|座|区|款|的|超|b|项.{0,3}b)"
            r"|(?<!先)(?:选|勾选|选择|答)a(?![a-z\d\-])(?!或|和|还是|与|到|至|类|组|班|级|栋|座|区|款|的|超|b)"
        ),
        r"(?:都|一律|统一|全部?|题题|每题都?|题都)(?:回复|回|按|发|答|选|填)(?:1|一|a)(?![\d\-a-z个项])",
        (
            "(?:选|选择|勾选|勾|答|填|打)(?:第一|第1|首|最前面|最上面|最左边?|最好"
            "|最高)(?:的)?(?:那)?(?:一)?(?:个|项|条|档|格|选项|答案|级)?(?<!最高)(?<!最好)(?!题|轮|批|步|页|组"
            "|名|志愿|站|期|位|行|次|时间|季)"
        ),
        r"(?:选|选择|勾选|打|答|填)最(?:好|高)(?:的|档|一档|项|分|级|选项)",
        (
            f"{ASK}.{{0,4}}(?:评|打|选|给|填|评为|评价为|选择)(?:为|个|成|择)?(?:优秀|优|良好|优等|a等)(?=$|以上"
            "|等次|等级|档|票|谢|哦|啊|吧|拜托)"
        ),
        (
            "(?:请|要|就|务必|一定要?|一律|统一|都|电话时?|调查时?|问到时?|记得)(?:您|大家|各位|居民"
            "|群众)?(?:都|要|就|一律|请)*(?:回答|答|说|回复|讲|评价为)"
            f"(?:是|出)?{MUCH}(?:安全|知道|支持|认可|肯定|了解|听说过|参加过|参与过|(?<!回复)没有|好)(?=$|谢|哦|啊|吧"
            f"|拜托|请|感谢|即可|就行|就好|就可以|支持){NO_OTHER_RUNG}"
        ),
        (
            "统一(?:口径|答案|回答|答复)|(?:给予|给出|给|作出|打出|投出)(?:我们?|最|充分|高度|积极|正面|较高"
            "|很高|满意|非常|的|一个|个)*(?:肯定|正面|积极|高度)(?:的)?(?:评价|回答|答复)|(?:给予"
            "|予以)(?:我们)?(?:充分|高度|积极)?(?:的)?肯定"
        ),
        (
            "(?:给|打|送|回复|打出|给出|献上)(?:我们?|社区|个|上|了)*(?:满意|非常满意)的(?:答案|回答|评价|选项"
            "|分数|一票)(?!吗|如)"
        ),
    )
)

US = (
    "(?:us|our|we|the|this|it|your|office|offices|service|services|unit|staff|team|community|village|a|an"
    "|please|all|every|everything|item|question|items|questions|with|as|at|them|work|of|him|her)"
)
SCORE = r"(?:10|ten|5|five|100|a hundred|9|nine)"
END = (
    r"(?= ?(?:$|\||/|out of|points?\b|stars?\b|marks?\b|please|and\b|for\b|so\b|on every|on all|in every"
    "|in all|everywhere|thank|if you (?:like|love|support)))"
)
GOOD = (
    "(?:satisfied|excellent|very good|very safe|outstanding|positive|yes to (?:all|every|each|everything)"
    "|good to (?:all|every|each)|option (?:a|1|one))"
)
ANSWER = (
    "(?:answer|say|reply|respond|choose|select|pick|tick|mark|vote|click|press|write|put|check|tell them"
    "|tell the caller|tell the interviewer|state|rate us|rate it|rate)"
)
BETWEEN = (
    "(?: (?:only|just|always|with|that|you|youre|are|were|is|was|as|the|option|box|a|an|it|everything|all"
    "|us|we|every|question|to|every question|under|next to|answer|them|our|service|services))*"
)
OPEN = (
    "(?! (?:or|if|nor|to not|dissatisfied|not|neutral|fair|fairly|average|poor|with how)|[|/] ?(?:or"
    "|neutral|not|dis|fair|average|poor|un|good|satisfied|very|neither|if))"
)

ENGLISH = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bfull (?:marks?|scores?|points|rating)\b(?! (?:is|are|of|equals?|means?|=))",
        (
            r"\b(?:give|rate|score|award|choose|pick|select|mark|leave|vote|grade|put"
            f"|tick)(?: {US}){{0,5}}(?: the)? (?:full|top|perfect|maximum|max|highest|high|best)(?: possible)?"
            r" (?:marks?|scores?|points?|ratings?|grades?|answers?|options?|box)\b"
        ),
        rf"\b(?:rate|score|mark|award|grade|give)(?: {US}){{0,5}} {SCORE}{END}(?! ?out of ?(?:$|\|))",
        rf"\b(?:rate|score|mark|award|grade|give)(?: {US}){{0,5}} (?:10/10|5/5|100/100)",
        (
            r"(?<!to )(?<!to a )(?<!and )(?<!of )(?<!or )\b(?:5|five|6|six) stars?\b(?! (?:hotel|hotels"
            "|restaurant|restaurants|means?|is|are|scale|being|street|road|community))"
        ),
        (
            rf"\b{ANSWER}{BETWEEN}(?: (?:very|fully|completely|extremely|highly|totally|really|most|entirely"
            rf"|so))* {GOOD}\b{OPEN}"
        ),
        (
            r"(?:^|\||\bplease |\bkindly |\bdo |\bdont forget to |\bremember to |\bclick to |\band )like (?:us"
            r"|our (?:page|post|work|service|services|office|video))\b(?! to\b)"
        ),
        (
            r"\b(?:give|leave|send|drop|click|press|hit)(?: (?:us|our|a|an|the|this|it|page|post|office"
            r"|your))* (?:like|likes|thumbs up|thumb up|heart)\b(?! or)"
        ),
        r"\bthumbs up\b(?! or| and thumbs)",
        r"\b(?:vote|voting) (?:for us|yes for us|for our)\b|\byour vote for us\b|\bgive us your vote\b",
        (
            r"\bspeak (?:well|highly|kindly) of us\b|\bsay (?:only )?(?:good|nice|positive|kind) things\b"
            r"|\bput in a good word\b|\bgood word for us\b|\bbe (?:kind|generous|nice|lenient) (?:to us|with us"
            "|in your (?:rating|answers?)|when (?:rating|you rate))"
        ),
        r"\bonly (?:positive|good|nice|favou?rable) (?:answers?|things|feedback|comments?|ratings?|reviews?)\b",
        (
            rf"\b(?:give|leave|send|write|provide|submit|post|appreciate|hope for|count on|want|need)(?: {US}"
            "| your| some| only)*(?: (?:very|really))? (?:positive|good|great|excellent|favou?rable|glowing"
            "|high|top|5 star|five star)"
            r" (?:reviews?|ratings?|feedback|answers?|evaluations?|scores?|assessments?|marks?)\b(?! or)"
        ),
        (
            r"\b(?:dont|do not|never|please avoid|avoid|no) (?:give|giving|choose|choosing|select|selecting|say"
            "|saying|answer|answering|pick|picking|tick|mark|leave|leaving|rate|rating)(?: (?:us|our|a|any|the"
            "|that|you|are|were|we|it))*"
            r" (?:low|lower|bad|poor|negative|dissatisfied|unsatisfied|not satisfied|average|poorly|badly)\b"
        ),
        (
            r"\b(?:choose|select|pick|tick|mark|answer|press|take) (?:always |only |just )?(?:option a|option 1"
            "|option one|the first (?:option|answer|box|one)|the top (?:option|answer|box|one)"
            r"|the best (?:option|answer|one))\b(?! or)"
        ),
        (
            r"\b(?:answer|say|reply|press|choose|pick) (?:1|one|a|yes|good) (?:to|for|on|in|at) (?:all|every"
            r"|each|everything)\b"
        ),
        (
            r"\b(?:100|hundred|one hundred)(?: percent)? satisfied\b(?! or)|\bsatisfied (?:to|for|on|in) (?:all"
            r"|every|each)\b"
        ),
    )
)
#: English written with gaps between its letters, where no neutral text has the same letters.
DENSE_ENGLISH = tuple(
    re.compile(pattern)
    for pattern in (
        "(?:giveus|rateus|scoreus)full",
        r"fullmarks(?!is|are|of)",
        r"(?:rateus|giveus|scoreus)(?:10|ten)(?!m|d|-|to)",
        "voteforus",
        "givesatisfied",
        "pleaseanswersatisfied",
    )
)

#: Before the phrase in its sentence: somebody is said to ask for it, and it is forbidden or to be reported.
REPORTED_ZH = re.compile(
    "(?:如有人|如果有人|若有人|凡有人|有人|任何人|任何单位|任何个人|谁|严禁|禁止|不得|不许|不准|不应|不会"
    "|绝不|从不|拒绝|抵制|举报|遇到|发现)[^.!?;]{0,16}?"
    r"(?:要求|诱导|授意|暗示|指使|强迫|引导|劝|叫|让|拉票|打招呼)[^.!?;]{0,10}$",
)
REPORTED_EN = re.compile(
    r"\b(?:if (?:anyone|anybody|someone|somebody|a|any|an|the|staff)|nobody|no one|noone|not allowed"
    r"|must not|may not|never|forbidden|report|should)\b[^.!?;]{0,40}?"
    r"\b(?:ask|asks|asked|asking|tell|tells|told|telling|urge|urges|press|pressure|pressures|force|forces"
    r"|pay|pays|want|wants|request|requests)\b[^.!?;]{0,30}$",
)
