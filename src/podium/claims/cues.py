"""The words around a figure that tell what it is, whether it counts, and how far the matter has come."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

__all__ = ["CANCELLED", "HARDWARE", "KINDS_OF_MONEY", "clause", "has", "nearest", "spans"]


def _p(text: str) -> re.Pattern[str]:
    return re.compile(text, re.I)


# Sentences and surroundings whose figures are no claims.
MARKETS = _p(
    r"\bin (?:early|late|morning|afternoon|pre-?market|after-hours) (?:trade|trading)\b|(?<![가-힣])주가(?!수익)|증시|코스피|코스닥|전 거래일|거래를 마쳤|장을 마쳤|장을 마감|유가증권시장|나스닥|시간외|장중|종가|목표주가|상한가|하한가|마감했|마감한|환율 ?1달러|환율 ?\d|(?:커피|원유|금|은|구리|밀|콩|대두|옥수수|니켈|나스닥|지수) 선물|先物|\bfutures\b|환율은|환율이|외환시장|株価|株式市場|終値|前日比|前週末比|円安|円高"
    r"|\bshares? (?:in|of|rose|fell|closed|slid|were|was|jumped|dropped|gained|ended|price)|stock exchange|\bstock (?:rose|fell|closed|price)"
    r"|\bshares\b.{0,40}(?:per cent|percent|%)|\b(?:closed|ended|finished|settled|opened|traded|trading) (?:(?:on )?\w+day |the (?:day|session|week) )?(?:at|up|down)\b|센섹스|항셍|닛케이|다우지수|Sensex|Hang Seng|\bDAX\b|CAC 40|Nasdaq|FTSE|Nikkei|日経平均|TAIEX|Kospi|S&P|\bADRs?\b|\bthe stock\b|\bshare price|target price|東証|終値|ストップ高"
    r"|株[はが][^、。]{0,14}(?:[%％]高|[%％]安|円高|円安|上げ|下げ|反発|続伸|続落)|\d원(?:으로|에)\s?\d[\d.]*[%％] ?(?:상승|하락|올랐|오른|내렸|내린|뛰|급등|급락)|\bNifty\b|\bKosdaq\b|\bindex (?:closed|ended|finished|settled)\b|\b(?:shed|gained|lost|slipped|added) \d[\d.]*(?:%| per ?cent) to \d"
)
POLLS = _p(
    r"설문|여론조사|(?:독자|온라인|인기|팬|시청자) ?투표|(?:人気|読者)投票|\breaders[’']? (?:poll|vote)|표본|신뢰수준|오차범위|응답자|지지율|찬성|\bpoll(?:ed|s)?\b|\bsurvey(?:ed)?\b|respondents|世論調査|アンケート|回答者|회의 참석|참석자|관람객|attend(?:ed|ees)|来場者|명에게 물은|라고 답했|다고 답했|と答え|と回答し|人に聞いた|人に尋ね|調査に応じた|조사에 응한"
)
MARKET_SHARE = _p(r"점유율|시장 ?1위|market share|シェア")
REVENUE = _p(r"매출|영업이익|순이익|연봉|\brevenues?\b|\bsales\b|\bprofits?\b|\bearnings\b|salary|売上|営業利益|年収")
GOAL = _p(r"^(?:은|는|까지는|라도)\s?(?:몰라도|꿈|커녕|어렵|멀|무리|요원)|^\s?(?:권|안에|이내|진입|도약|목표|강국|국가로|달성|(?:AI|인공지능) ?강국|을 목표|를 목표|을 노|를 노|を目指|以内|入り|を目標)")
DURATION = _p(r"^\s?(?:으로|로|に)?\s?(?:줄|단축|앞당|短縮)|기간을?\s?$|期間を?$")
RANKING = _p(
    r"지수|순위|랭킹|경쟁력|AI 역량|\bindex\b|\branking|\branked|\branks\b|league table|\btable\b|指数|順位|ランキング|インデックス|\b(?:June|November|latest|new|same|previous) list\b|podium|톱500|TOP500|Top ?500|トップ500"
)
TOTAL = _p(
    r"누적|累計|\bcumulative|\bso (?:it|they|the \w+) now (?:counts?|has|have|holds?|owns?|runs?)\b|\bnow (?:counts|totals|numbers)\b|모두|더하면|보태면|다 합쳐|통틀어|足し上げ|足せば|全部で|全体で|社で|両社|\badds? up|\bsums? to|\bcomes? to|\bamounts? to|\ball told\b|\bbetween them\b|\btrio\b|총|합계|합쳐|합치면|도합|더하면|더한|합하면|합한|합친|보탠|등 총|전부|합계|(?<![設統時会家累推])計(?![算測画量器上])|合計|合わせて|合わせると|足すと|あわせて|総額|\btotal|altogether|\btogether\b|in all\b|combined|\bsum\b"
    r"|\b(?:takes?|brings?|lifts?) (?:it|that|this|the total|the figure) to\b|taking .{0,30} to\b|bringing .{0,30} to\b"
)
ADDING = _p(
    r"추가|더해|더하|보태|이미|기존|加え|追加|既存|さらに|\badd(?:s|ed|ing|itional)?\b|\bextra\b|\bon top of\b|\bthen\b|\bplus\b|\banother\b|\bfurther\b|\bfollowed by\b|이번 물량|나머지"
)
PER_ITEM = _p(
    r"(?:서버마다|노드마다|랙마다|랙당|대당|서버당|노드당|개당|장당|기당|(?:랙|서버|노드|칩|GPU)\s?(?:하나|한 [대장개기]|1[대장개기])(?:의|가|는)\s?[가-힣 ]{0,12}$|[1一](?:ラック|サーバー?|ノード|基|枚)の(?:消費)?電力|(?:ラック|サーバー?)(?:[1一][台本架])?の(?:最大)?消費電力|한 대에|1대에|1대당|한 랙에|랙 하나에|랙 한 대에|1랙에|서버 한 대에|서버 1대에|노드 하나에|1台に|ラック[1一][本台架]に|[1一][本台架]のラックに(?!換算|直|して|すれ|分け)|1台あたり|1台当たり|1台につき|ラックに(?!換算|直|して|すれ|分け)|(?:ラック|サーバー|ノード|チップ)(?:1[台本基つ])?当たり|ラックあたり|1基あたり|1枚あたり|1ノードに"
    r"|1ノードあたり|1ラックあたり|サーバー1台|1(?:ラック|ノード)$|1[基枚台個](?:が|は|で|の消費電力は?)?(?:約)?$|한 [장기개대](?:가|이|에|는|의|에서)?\s?(?:약 )?$|1[장기개대](?:가|이|에|는)?\s?(?:약 )?$|\bper (?:rack|server|node|system|chip|GPU|card)|\b(?:a|each|one|every|single) (?:rack|server|system|node|board|tray|box|unit|cabinet|chassis)\b|\b(?:each|every one) of (?:them|these|those)\b|\beach (?:with|holding|carrying|containing|housing|packing)\b|\ban? (?:[A-Z]+\d+ )?(?:NVL\d+ )?(?:rack|server|node)\s(?:takes|holds|has|houses|packs|carries|fits)\s$|\beach\b[^.,]{0,8}$|\beach(?: one)?(?: of (?:which|them|these|those))?\s(?:combin|pack|hold|carr|contain|hous|link|fit|mount|join|bundl|pair|gather|bind|stack|accommodat|featur|sport)\w*\s(?:together |just |up to )?$)"
)
DESCRIBED = _p(
    r"(?:DGX|HGX|NVL\s?\d*|[AGHB]{1,2}\d00(?: NVL\d+)?(?: racks?| systems?| servers?)?)[^\s、,。]{0,6}[,’'\"”]?\s?(?:에는|에|는|은|には|は|as|(?:which |that |also |itself |alone |ships |comes )*(?:has|with|combines|packs|contains|holds|houses|links|joins|carries|uses|pairs|couples|crams|fits|takes|bundles|binds|ties|lashes|wires|strings|knits)(?: together| up)?)"
    r"(?:\s?(?:랙 하나에|한 대에|GPU[がを]?|총|함께|블랙웰|호퍼|엔비디아|[AHB]\d00|인텔|그레이스|제온|에픽|호스트|CPU|just|only|some))*\s?$|\b(?:NVL ?\d+|DGX \w+|HGX \w+),[^,.;\d]{0,44},\s(?:wires|ties|links|packs|holds|houses|joins|binds|combines|contains|has|carries|crams|fits|takes)(?: together| up)?\s$|\b(?:NVL ?\d+|DGX \w+|HGX \w+)\s(?:racks?|servers?|systems?|boards?|cabinets?),\s?(?:with )?$|\b(?:NVL ?\d+|DGX \w+|HGX \w+) (?:rack|cabinet|system|server|box)s?\s(?:pairs|joins|couples|crams|fits|takes|bundles|links|holds|houses|packs|combines|contains|has|carries|ties|binds|lashes|wires|knits|strings|weds|marries|yokes)\s(?:just |some )?$"
)
INSIDE = _p(r"(?:inside (?:it |each |one )?(?:sit|are)|내부에는|안에는 GPU가?|内部に|中に)\s?$")
EACH_PLACE = _p(r"랙 ?(?:하나|1개|한 개)?당|랙마다|서버 ?(?:1대|한 대)?당|한 [개장기대]가|1[장개기대]가|1[基枚台本](?:が|あたり|当たり|につき)|ラック1本|ラック当たり|칩 하나|칩 하나당|GPU 하나|[Pp]er (?:rack|chip|GPU|server|node|site|phase)|\beach\b|\bapiece\b|구역마다|곳마다|[一1]カ所")
EACH_AFTER = _p(r"^(?:의 GPU)?(?:[을를]?\s?(?:[가-힣]{1,4} ?[가-힣]{0,3}처럼 |하나로 |한데 )?(?:묶는|묶은|엮는|엮은|모은|품은|얹은|꽂은|담은|실은|탑재한|갖춘)\s[‘'“\"]?(?:(?:[A-Z]{2,}\d*|엔비디아)\s?[A-Z]{0,4}\d*\s?)?(?:서버|랙|노드|시스템|NVL)|を?(?:積んだ|載せた|束ねる|束ねた|収めた|備えた|搭載した)[「『]?(?:[A-Z]+\d+\s?[A-Z]*\d*[」』]?の?)?(?:サーバー?|ラック|ノード|NVL)|짜리\s?(?:GPU\s?)?(?:서버|랙|노드)|入りの?(?:サーバー|ラック)|씩|を積む|を搭載する|を載せる|積み|ずつ|\s?(?:[A-Z]+\d+ )?(?:(?!(?:with|of|at|and|holding|carrying)\b)\w+ ){0,2}?(?:apiece|each|per (?:rack|server|node|system|board|chip|GPU|card|processor|accelerator)|(?:to |in )?an? (?:chip|GPU|card|rack|server|board|node|box|cabinet|tray|chassis)|(?:to|in) (?:the|each|every) (?:rack|server|node|box|cabinet|tray|chassis))\b)")
UNIT_PRICE = _p(
    r"개당|장당|대당|1장에|한 장에|한 개에|한 장 값|1장 값|한 대 값|칩값|장 가격|개 가격|1[基台枚個](?:あたり|当たり|につき|を)?(?:約)?$|1(?:장|개|대)에?\s?(?:약 )?$|単価|1個あたり|1基の価格|\bapiece\b|\bper (?:chip|GPU|unit|rack|server)\b"
    r"|\bprice of (?:a|one)\b|\b(?:one|each|an?|per) (?:[A-Z]+\d+ )?(?:chip |GPU |card |rack |server |unit )?(?:at|for|costs?|sells for)\s(?:about |around )?$|\b(?:each|one|an?|per|every|single)\b[^.;,]{0,30}\bcosts? (?:about |around )?$|값을\s?$|1[台基枚個本]の?(?:値段|価格|単価|費用)[はを]?(?:約)?$"
)
# A price of one item told by its noun alone.
UNIT_NOUN = _p(r"\b(?:typical|average|list|market|unit|street|going|retail) (?:price|cost)s? (?:tag )?(?:of|at|around|near)\s(?:about |some |around )?$|(?:평균|시장|정가|공급|판매) ?(?:가격|단가|가)(?:은|는|이|가|을|를|인)?\s(?:약 )?$|(?:平均|市場|実勢|販売)(?:価格|単価)(?:は|が|を)?(?:約)?$")
# Revenue or profit as the topic of a clause, before any other figure's noun.
REVENUE_TOPIC = _p(r"(?:\brevenues?|\bsales|\bprofits?|\bearnings|\bturnover|매출액?|영업이익|순이익|영업손실|売上高?|営業利益|純利益)(?:[은는이가도을를]|[はがもを])?\s?[^.;,、。]{0,34}$")
# The price of an hour, whatever its size.
HOURLY = _p(r"시간당|1시간|한 시간(?:에|당| 빌리| 쓰| 이용)|1時間|時間あたり|時間当たり|\bper (?:GPU[- ])?hour|\ban hour\b|\bhourly\b|\bGPU[- ]hours?\b|\ba GPU-hour")
RENTED = _p(r"요금|料金|\bprices?\b|\brates?\b|\bfees?\b|빌려|빌리|빌린|빌릴|임대|대여|이용료|사용료|이용 요금|借り|貸し|利用料|レンタル|\brent|\bleas|\bhire")
# The noun a sum belongs to, where it stands as the topic of the clause.
VALUED = _p(
    r"(?:기업 ?가치|몸값|평가액|시가총액|시총|企業価値|評価額|時価総額|\bvaluations?|\bmarket (?:value|cap(?:itali[sz]ation)?))(?:[을를은는이가도もはがを]|:|：|\s(?:of|is|was|at|to|has|had|reached|hit|stood|now|topped|above))?[^.。;]{0,40}$"
    r"|\b(?:valu(?:es?|ed|ing)|pric(?:es?|ed|ing)(?=\s[^.;]{0,40}\b(?:firm|company|start-?up|group|lab|business|maker|developer)\b))\s(?:[\w.'’&-]+\s){1,5}at\s(?:about |around |nearly |some )?$"
)
# What is worth a sum and is no firm.
WORTH_NO_FIRM = _p(
    r"\b(?:contracts?|deals?|orders?|agreements?|projects?|plans?|packages?|grants?|investments?|programmes?|programs?|chips?|GPUs|equipment|hardware|machines?|stakes?|slices?|tranches?|batch|batches|shipments?|consignments?|commitments?|pipelines?|backlogs?|rounds?|loans?|schemes?|tenders?|purchases?|awards?|bids?|accord|lease)\b[^.;]{0,34}\bworth\s[^.;]{0,16}$"
)
# A sum of an earlier time beside the one before it: of the same sort.
EARLIER = _p(
    r"(?:한 해 전|1년 전|2년 전|지난해|작년|재작년|전년|당초|종전|기존|이전|직전|불과 [^ ]{1,6} 전|昨年|昨秋|昨春|一昨年|前年|1年前|一年前|前回|当初|従来|半年前|(?:a|one|two) years? (?:ago|earlier|before)|last (?:year|autumn|spring|summer|winter|fall)|up from|down from|from|previous(?:ly)?|earlier|against|compared with)(?:에는|에도|[은는에의엔]|には|は|の|に)?[\s,、]?(?:약 |約|about |only |just )?$"
)
PRICE_AFTER = _p(r"^\s?(?:apiece|each\b|per (?:chip|GPU|unit|server|rack|card|hour)|an? (?:chip|piece|unit|pop|card|GPU|rack|server)\b|짜리 (?:칩|GPU)|(?:an|per|a) hour)")
REVENUE_AFTER = _p(r"^(?:의|인)?\s?(?:매출|영업이익|순이익|연봉|in (?:revenue|sales|profit|annual revenue|quarterly revenue)|of (?:(?:net|operating|gross|annual|quarterly) )?(?:revenue|sales|profits?|income|earnings|loss(?:es)?)|revenue|の売上|の営業利益|の純利益|の赤字)")
SMALL_MONEY = _p(r"보조|바우처|지원금|subsid|grant|voucher|補助")
MEMORY = _p(r"메모리|HBM|용량|저장|스토리지|storage|memory|VRAM|メモリ|容量|記憶|ストレージ|bandwidth|대역폭|帯域|GPU|칩|chip")
PER_CHIP = _p(r"per (?:GPU|chip|accelerator|processor)|apiece|\beach\b|\b(?:a single|one|every|every one of (?:those|these|the)|each of (?:those|these|the)) (?:GPU|chip|accelerator|processor)s?\b|(?:칩|GPU|가속기) ?(?:하나|한 개|1개)|(?:チップ|GPU)(?:1|一)つ|장당|개당|칩당|GPU당|한 장|1장|한 개|1枚|1基|1個|1チップ")
WORTH_AFTER = _p(r"^(?:[- ]dollar)?[\s-](?:(?:AI|tech|chip|U\.S\.) )?(?:company|firm|start-?up|chipmaker|unicorn)\b|^(?:짜리)? ?(?:기업|회사|스타트업|유니콘)(?:으로|이|가|인)?(?![가-힣])")
COMBINED = _p(r"combined|in total|total|altogether|all told|합계|합쳐|합치|모두 합|총|전체|8장|합산|合計|合わせ|計|全体|総")
SPEED = _p(r"성능|빠르|빨라|속도|추론|학습|효율|performance|faster|quicker|speed|inference|training|性能|高速|推論|速い|学習|efficien")
PEOPLE = _p(
    r"^\s?of (?:(?:my|our|all|the|its|their|his|her|these|those|British|American|Korean|Japanese|U\.S\.|US|young|adult) )*(?:colleagues|people|adults|workers|employees|staff|voters|readers|students|respondents|residents|users"
    r"|customers|members|households|teachers|women|men|engineers|graduates|researchers|companies surveyed|executives|parents|visitors|citizens|journalists|lawmakers)\b"
    r"|^[은는이가의]?\s?(?:시민|직원|응답자|국민|주민|학생|유권자|독자|여성|남성|교사)"
)
PEOPLE_BEFORE = _p(r"(?:직원|인력|사원|인원|급여|연봉|경쟁률|社員|人員|給与|staff|headcount|workforce|salar(?:y|ies))[을를은는이가もをは]?\s?$")
HALF_OF_OTHER = _p(r"^half (?:the|a|an|of the) (?!size|costs?\b|bill|expense|outlay|sum|pot|fleet|site|plan|order|deal|facility|machines|cluster|campus|servers|racks|processors|accelerators|fund|price|capacity|number|power|GPU|chips|money|total|amount|performance|budget|funding|compute|speed|memory|level|investment|share|load|electricity)")
SHARED = _p(r"비용|사업비|費用|経費|보조율|지원율|국고|부담률|조달 비율|비중|투자|예산|용량|전력|연산|보유|물량|地方負担|助成率|補助率|負担|比率|投資|予算|容量|電力|計算|保有|subsid|grant|fund|invest|budget|capacity|electricity|power|comput|capex|stake|equity|\bcosts\b|\bbill\b")
NO_HARDWARE = _p(r"(?:조감도|투시도|도면|포스터|팸플릿|図面|パンフレット|에어컨|버스|트럭|자동차|승용차|전기차|택시|드론|로봇|노트북|PC|스마트폰|휴대폰|카메라|냉장고|エアコン|バス|トラック|自動車|ロボット|スマホ|パソコン|사진|앨범|티켓|서류|종이|원고지|음반|엽서|마스크|명함|태양광 패널|태양광 모듈|주택|건물|공장|기업|회사|학교|병원|시군|나라|도시|과제|업체|기관|대학|팀|분야|社|校|施設|写真|都市|大学|企業|案件|課題)\s?$")
NO_HARDWARE_AFTER = _p(r"^\s?(?:사진|부문|분야|과제|기업|업체|기관|대학|학교|도시|팀|나라|회사|동|社|カ所|か所|都市|大学|企業|分野)")
MONEY_TITLE = _p(
    r"(?:(?P<invest>(?:총|전체)?\s?(?:투자액|투자 ?규모|투자비|투자 ?금액|사업비|총사업비|건설비용?|계약 ?금액|계약 ?규모|인수가|인수 ?금액|총?投資額|総工費|事業費|契約額|買収額|調達額|조달액|investment|price tag|cost estimate))"
    r"|(?P<support>보조금|지원금|국비|추경 ?예산|예산|지원액|補助金|助成金|助成額|補助額|予算|国費|subsid(?:y|ies)|grants?|government support|public funding))"
    r"(?:은|는|이|가|을|를|は|が|も|:|：|\s(?:of|is|was|at|worth|to))?\s?(?:1단계에만 |총 |약 |최대 |about |of |a |around )*$"
)
NATIONAL = _p(
    r"우리나라|국내 (?:기업|전체|연구|대학|산학연|민간|공공)|전국|나라 전체|국가 전체|국내에 있는|국내에는|국내에|국내 보유|국가가 보유|한국이 (?:보유|가진)|전체 보유"
    r"|nationwide|\b[Oo]ur (?:universities|country|nation|laboratories)\b|\bthe country(?:'s|’s)? (?:has|holds|owns|had|possess)|across the country|country-wide|national stock"
    r"|국내.{0,12}(?:보유|가진|갖고)|国内(?:全体|の(?:企業|大学|研究))|国全体|日本全体|国内に.{0,8}(?:ある|保有)"
)
HOLDING = _p(r"보유|가진|\bshares?\b|갖고|갖춘|통틀어|물려 있는|\bhold|\bown|\bhas\b|\bhave\b|possess|保有|持つ|ある")
JOINED = _p(r"합치면|합쳐|더하면|합하면|합해|合わせて|合わせると|足すと|合算|合計|together|combined|in total|altogether|\bsum\b")
BUILDING = _p(r"^기(?=[,.\s를의)]|$)|^동(?=[,.\s]|$)|^棟")
SCORED = _p(r"\bscor(?:e|es|ed|ing)\b|점수|得点|スコア|(?<![\d.])\d{1,2}\.\d{2}(?![\d%％]|\s?(?:GB|TB|MW|GW|억|億|billion|million|tn|bn))")
# What a site costs, whoever pays.
COSTS = _p(r"\b(?:build|build-out|campus|data ?cent(?:re|er)|site|plant|park|complex|facility|hub)\b[^.;]{0,30}\b(?:costs?|costed|budgeted|priced|will cost|would cost|is worth)\b|(?:단지|데이터센터|캠퍼스|센터)[^.;]{0,24}(?:사업비|공사비|건설비|짓는 데|세우는 데)|(?:拠点|データセンター|施設)[^。;]{0,24}(?:総工費|建設費|事業費|投資額)")
PARAMETERS = _p(r"매개변수|파라미터|parameters?|パラメーター?|토큰|tokens?|トークン")

HARDWARE: list[tuple[re.Pattern[str], str]] = [
    (_p(r"GPU\s?서버|AI\s?서버|서버|GPUサーバー|サーバー?|\bservers?\b|\bnodes?\b|노드|ノード|(?:DGX|HGX)\s?[A-Z]+\d+\s?(?:시스템)?|\bsystems?\b|시스템"), "system"),
    (_p(r"랙|ラック|\bracks?\b"), "rack"),
    (_p(r"CPU|중앙처리장치"), "cpu"),
    (_p(r"GPU|그래픽처리장치|그래픽 처리 장치|가속기|슈퍼칩|(?<!반도체 )칩|(?:AI|인공지능|최신|첨단|최첨단|고성능|그래픽) ?반도체(?! (?:기업|업체|회사|공장|산업|장비|생산|특허|설계))|NPU|TPU|アクセラレータ|チップ|画像処理半導体|(?:AI|人工知能|最先端|先端|最新|高性能)(?:向け|用)?半導体(?!メーカー|企業|大手|工場|産業|装置|業界|株|の(?:輸出|開発|設計|製造))|\baccelerators?\b|\b(?:super)?chips?\b"
        r"|\bprocessors?\b|\bcards?\b|\bunits\b|(?<![A-Za-z0-9])(?:[ABHV]\d00|GB\d00|GH200|MI\d{3}X?)s?(?![A-Za-z0-9])|昇騰|블랙웰|호퍼|ブラックウェル|ホッパー|루빈|Blackwell|Hopper|어센드|Ascend"), "gpu"),
    (_p(r"특허|\bpatents?\b|特許"), "patent"),
    (_p(r"모델(?!링)|\bmodels?\b|モデル"), "model"),
]  # fmt: skip

Money = Literal["valuation", "money_support", "money_investment"]
KINDS_OF_MONEY: list[tuple[re.Pattern[str], Money, float]] = [
    (_p(r"기업가치|몸값|평가액|평가됐|평가를 받|인정받|valu(?:ed|ations?|ing)\b|worth\b|企業価値|評価額|時価総額|시가총액|시총|market cap|market value"), "valuation", 0.6),
    (_p(r"보조금|지원금|지원(?:하|한|을|키로|받|된|금|해|에)|보조(?:하|한|했|해|키로|받)|정부(?![와과]\s)|국비|예산|나랏돈|혈세|재정|공적자금|국책|부처|산업성|통상자원부|과기정통부|기획재정부"
        r"|補助|助成|支援|配る|予算|経産省|経済産業省|政府(?!と)|国費|国庫|(?<![一-鿿])国が(?:[^、。]{0,6})(?:負担|補助|拠出|出し|支払|賄)|국가가 (?:전액 )?(?:부담|지급|냈|댔|낸)|나라가 (?:부담|댔|냈)|充て|subsid|\bgrants?\b|government|ministry|\bpublic (?:funds?|funding|money|investment)"
        r"|\bstate (?:aid|funding|spending|budget)|\bby the (?:[A-Z]\w+ )?state\b|\b[Ss]tate (?:put|puts|pays?|paid|contribut\w+|added|adds)\b|\bstate's (?:\w+ )?fund\b|taxpayer|\bbudget(?!ed at)|\bfederal\b|spending review|\bborne by the (?:European Union|EU|Federa|Land|[Ss]tate)|\bthe (?:Federation|European Union|Land)\b|national (?:compute|AI) (?:plan|strategy)|compute strategy|earmark|\bTreasury\b|commission\b|세금|바우처|기금|수혜|\bincentives\b|\btax (?:breaks|credits)\b"), "money_support", 1.0),
    (_p(r"투자|조달|유치|자체 자금|인수|매입|사들[이인여]|사기로|쏟아붓|계약|구매|발주|수주|대출|펀드|컨소시엄|출자|민간|민자|지분|투입|들여(?=\s|,)|들인|投資|投じ|調達|契約|購入|買収|買い取|買い入れ|買い上げ|取得し|出資|融資|借り入れ|借入|民間"
        r"|invest|\brais(?:e|ed|ing)\b|funding round|\bSeries [A-F]\b|contract|\bdeal\b|\bacqui|purchas|\border(?:ed|s)?\b|\bloan|\bspend|private|build-out|venture"
        r"|\bput(?:s|ting)? (?:in|up|into)\b|\bto put\b[^.;]{0,40}\binto\b|\binject|\bchip(?:s|ped)? in\b|brokers|\bstake\b|financ|backers"), "money_investment", 1.0),
]  # fmt: skip

STATE_PAYS = _p(
    r"(?:회원국|집행위(?:원회)?|국회|의회|내각|지자체|주정부|연방정부)(?:들)?[은는이가]\s|(?:加盟国|欧州委員会|内閣|議会|自治体|州政府|連邦政府)[はが]"
    r"|\b(?:Union|Commission|member states|participating (?:countries|states)|cabinet|parliament|congress|ministers|chancellor|treasury|senate|lawmakers) (?:will|has|have|is|are|said|would|plans?|pledged|announced|committed|allocated|approved|earmarked|granted|set aside|provides?|put)\b|"
    r"(?:정부|[가-힣]{2,}(?:부|처|청|경제산업성))(?:는|은|가|이|에 따르면|에서)\s|(?:政府|経済産業省|経産省|総務省|文科省|文部科学省)[はが]"
    r"|\bgovernment (?:will|has|is|said|would|plans|pledged|announced)|\b[Mm]inistry (?:will|has|is|said|would|plans)"
)

# Where a sentence changes to another matter.
CLAUSE = _p(r";|, (?:while|whereas|but)\b|(?:지만|는데|으나|이며|으며|했고|됐고|하고|고),\s|(?:지만|는데|으나|이며|으며)\s|(?:し|が|で|ほか)、(?=[^、。]{0,16}(?:は|も))|[▲△▽▼○●•■]")

CANCELLED = _p(
    r"취소|무산|접었|접은|접기로|철회|백지화|중단됐|중단했|포기|좌초|불발|폐기|엎어|무위|中止|撤回|断念|白紙|頓挫|見送"
        r"|cancel|\bscraps?\b|scrapp|shelved|\bdropped|fell through|abandon|withdr[ae]w|collapsed|called off|axed"
)


@lru_cache(maxsize=8192)
def spans(pattern: re.Pattern[str], text: str) -> tuple[tuple[int, int], ...]:
    """Every place of a cue in a text; kept, since many figures of one sentence ask for the same."""
    return tuple(m.span() for m in pattern.finditer(text))


def clause(whole: str, at: int, end: int) -> tuple[str, int, int]:
    """Return the clause of a sentence that holds a span, with the span's place in it."""
    breaks = spans(CLAUSE, whole)
    first = max((e for _, e in breaks if e <= at), default=0)
    last = next((s for s, _ in breaks if s >= end), len(whole))
    return whole[first:last], at - first, end - first


@lru_cache(maxsize=8192)
def _has(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


def has(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a cue stands in the text."""
    return _has(pattern, text) if len(text) > 80 else pattern.search(text) is not None


def nearest(pattern: re.Pattern[str], text: str, start: int, end: int, *, before: float = 1.0) -> float | None:
    """Return the distance (code points) from a span to the nearest cue; what stands before counts `before` times."""
    best: float | None = None
    for s, e in spans(pattern, text):
        distance = float(s - end) if s >= end else before * max(0, start - e)
        best = distance if best is None else min(best, distance)
    return best
