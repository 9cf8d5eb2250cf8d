"""The predicates that tell how far a matter has come, in three languages: data for `statuses`."""

from __future__ import annotations

import re

__all__ = ["ENGLISH", "GOAL_TIME", "JAPANESE", "KOREAN", "NOW", "PLANNED_TOPIC"]

Cue = tuple[re.Pattern[str], str]


def _table(*rows: tuple[str, str]) -> list[Cue]:
    return [(re.compile(pattern, re.I), status) for status, pattern in rows]


KOREAN = _table(
    ("cancelled", r"취소|무산|접었|접은|접기로|철회|백지화|중단됐|중단했|포기|좌초|불발|폐기|엎어졌|엎어진|무위로|없던 일"),
    ("under_construction", r"짓고 있|지어지고 있|건설 ?중|구축 ?중|구축하고 있|공사 ?중|공사를|공사가|착공했|착공한(?! 뒤)|첫 삽|설치 ?중|설치하고 있|조성 ?중|조성하고 있|건립 ?중|증설 ?중|시공|올라가고 있"),
    ("planned", r"계획|예정|전망|목표|추진(?!하는|한)|제시했|제시한|착수한다|출발한다|시작한다|켠다고|켜진|불을 켠|검토|방침|알려졌|알려진|거론|관측|논의|구상|방안|로드맵|겠다(?!고)|겠다고 (?:한 바 없|벼르|자신|장담)|[을ㄹ될할릴칠날] 것|하려|으려|지으려|늘릴|늘리려|키운다|늘린다|늘어난다|늘어나게|확대한다|확장한다|추산|추정|예상|기대|희망|필요|의향|타진|요청|신청"
                r"|그칠|달할|이를 (?:것|듯)|된다면|한다면|들어가면|마치면|되면|들이면|더하면 된다|될 (?:듯|전망)|청사진|제안|건의|된다(?=[.,]|고)|게 된다|들어간다|들어가며|들어가고|들어가는데|들어설|꾸린다|짓는다(?!고)|두는 |저울질|노린다|꿈꾼다|만지고|셈이다|쓸 수 있|까지 (?:늘|키|확)"),
    ("announced", r"겠다고|기로 (?:했|한|하고|하며|하면서|결정|합의|확정|약속|의결)|ㄴ다고|[는한인된]다[”’]?고 [^.]{0,14}(?:밝혔|발표|말했|선언|공개)|발표했|발표한|밝혔|결정했|확정했|확정된|약속했|약속한|약속받|체결|계약했|계약을|주문했|주문한|발주|수주|맺었|서명|합의했|의결|승인|편성|책정|배정|배분|선정|선언|공개했|내놓았|내놨|따냈"
                  r"|(?:설치|구축|배치|건설|조성|투자|지원|도입|구매|공급|제공|지급|확보|증설)(?:합니다|할 계획이라고 밝혔)|들여옵니다|들여온다|사들입니다|놓는다|놓습니다|(?:주문|발주|도입|투자|계약|체결|지원|투입|구매|확정|착수)\s*$"
                  r"|(?:공급|지원|투자|투입|제공|출자|도입|구매|매입|보조|지급|발주|출연)(?:한다|하고,|하며,|해 )|받는다|받아|들여온다|댄다|넣는다|쓰기로|내기로|대기로|사들인다|맡는다|맡고|몫|가져간다|돌아간다|배치한다|들여오기로|보탠다|헐어|쏟는다|붓는다|준다"),
    ("completed", r"들었다|들었고|들었으|들어갔다|댔다|대고 |보탰|냈다(?=[.,])|쓴 돈|낸 돈|쏟은|빌렸|끌어올렸|모으며|모으고|거둬들|치렀|들였다|들여 (?:지|만)|지급했|지급한|집행했|썼다|투입했|투입됐|투입한|투자했|투자한|투자받|조달했|조달한|조달하며|유치하며|유치했|유치한|모았|모은|끌어모|끌어왔|인수했|인수한|사들였|사들인|매입했|구매했|구입했|받았|수혈|납품했|출자했|완료|마쳤|끝냈|쏟아부었|쏟아부은|지원받|받은|실적|지원했|지원한 바|낙찰"),
    ("operational", r"돌리고 있|돌린다|돌아가고 있|돌아간다|가동 ?중|가동하고|가동되고|가동했|가동한|가동됐|운영 ?중|운영하고|운영한다|운영하는|운용|보유|갖고 있|갖고|갖췄|갖춘|갖추고 있|가진|가지고|쓰고 있|쓴다|쓰는|사용 ?중|사용하고|설치돼|설치했|설치된|꽂혀|꽂은|꽂았|켰다|켰고|들어차|탑재한|탑재했|구축했|구축한|도입했|도입해|확보했|확보한|확보해|켜졌|열었|낸다|냈다|기록했|기록한|올랐|엮어|엮은|묶어|소비|물려|통틀어|뿐이다|뿐인|불과하|불과한|가동\s*$|돌리는|이뤄졌|이루어졌|이뤄져|구성됐|구성된|구성돼|그친다|머문다|굴리고|굴린다|깔려|깔았|늘었|늘렸|불어났|증가했|잡아먹|그쳤|됐다"),
)  # fmt: skip

JAPANESE = _table(
    ("cancelled", r"中止|取りやめ|取り下げ|撤回|断念|白紙|頓挫|見送|打ち切|立ち消え|破談"),
    ("under_construction", r"建設中|工事中|工事が|建設して|建てている|建設が進|整備を進め|整備中|構築中|着工し|着工済|建設を進め|設置中|組み立て"),
    ("planned", r"計画|予定|見通し|見込|目標|検討|方針|までに|目指|構想|考え(?:だ|。|$|を示|です)|意向|想定|届けば|実現すれば|必要|要る|要ります|めど|可能性|試算|とみられ|と見られ|見ている|案(?:を|が|に)|ロードマップ|増やす|増設|引き上げる|高まる|高める|拡張する|拡大する|なる(?!ほど)|なります|置く|並べる|立ち上げる|建てる|始まる|始める|稼働させる|予想|見積|要望|要求|打診|とする|うたう|という(?:。|$)|だという|だそう"),
    ("announced", r"公表し|乗り出し|と(?:発表|表明|明らか|述べ|宣言)|発表した|発表し|表明し|明らかにし|決めた|決定|合意|契約|発注|注文|受注|約束|採択|交付|助成する|支援する|補助する|助成し|充てる|投じる|投資する|出資する|拠出|供給する|受ける|受け取る|計上|積んだ|積みました|認可|承認|配分|供与|提供する|調印|署名|確約|割り当て|展開する|導入する|導入します|設置する|設置します|購入する|購入します|調達する|担う|まわす|回す|渡る|渡り|補助し|支援し"),
    ("completed", r"投じた|投じて|支払|払った|取得した|取得し|買収した|購入した|購入し|調達した|調達し|完成し|納入し|納めた|受けた|受けて|受け取った|交付した|補助した|集めた|集め|投資した|かかった|であった|費やした|出資した|使った|実績|補助し(?:た|て)|済ませ|賄った|まかなった|拠出した|投資済|借り入れた"),
    ("operational", r"稼働し|稼働中|稼働済|稼働させて|稼働する[^予計]{0,4}(?:で|、)|動かす|動かし|動かしている|稼働\s*$|からなる|から成る|で構成|備え(?:、|て|る)|にすぎない|に過ぎない|にとどまる|動いて|回して|運用|保有|持つ|持って|持ち|備える|備えて|使って|使う|搭載し|搭載する(?![。、予計])|積んで|導入し|導入済|設置し|設置済|積む|積み|そろえ|抱える|消費し|消費する|並ぶ|並んで|達した|達している|達する|記録し|確保した|確保済|(?<!で)ある(?:。|と|が|$)|あります|いる。|だった|でした|増えた|増やした|誇る|成り|につく|つながれ|拡張した|増強した|にすぎない|しかない"),
)  # fmt: skip

ENGLISH = _table(
    ("cancelled", r"cancel\w*|on ice\b|binned|ditched|scrap(?:s|p\w+)\b|shelve[ds]?|\bdropped\b|fell through|abandon\w*|withdr[ae]w\w*|collapsed|called off|axed|killed off|walked away"),
    ("under_construction", r"under construction|putting up|fitting out|kitting out|topping out|taking shape|going up|work(?:ers)? (?:has|have) (?:begun|started)|being built|is building|are building|now building|broke ground|breaking ground|(?:has|have) (?:begun|started) (?:building|construction|work)|\bis (?:constructing|installing|assembling)|(?:is|are) finishing|being installed|\brising (?:in|at|on|near|beside|from|out)\b"),
    ("planned", r"\bplan(?:s|ned|ning)?\b|\bearmark\w*|\bshould\b|\bset out to\b|\bis to (?:be|get|have|reach|hold)\b|\boption to\b|\bcomes? online\b|\bgo(?:es)? live (?:in|by|next)\b|\bwould (?:\w+ )?cost\b|\bare to be\b|\bare to\b|\bexpect\w*|\bwould\b|\btarget\w*|\baim\w*|\bgoal|forecast\w*|\bby (?:the end of )?20\d\d|\bcould\b|\bmay\b(?! \d)|\bmight\b|\bpropos\w+|\bintend\w*|\bhop(?:es?|ing)\b|\bwants?\b|\bprojected\b|\bseek\w*|\bconsider\w*|\bweighing\b|\bmulling\b|\beyeing\b|\b(?:is|are) due\b|under review|reported(?:ly)? to|reportedly|in talks|estimat\w+|\bneeds?\b|\brequires?\b|\beventually\b|\bonce (?:complete|built|the)|\bpencil\w*|\benvisag\w*|\bon paper\b|\btalks of\b|\bset to\b|\bdue to\b|\bwill (?:be|hold|have|house|reach|need|rise|grow|start|draw|open|come|take|get|host|run|contain|exceed|total|climb|increase|eventually|then|also|add|follow|use|deliver|go)\b|\bmeant to\b|\bapplied\b|\bapplying\b|\brequest\w*|\bto start\b|\bnext year\b|\bnext (?:spring|summer|autumn|fall|winter)\b|\bwere it built\b|\bask(?:s|ed|ing) for\b|\bcounts? on\b|\blobby\w*|\bto (?:reach|double|triple|rise|grow|get|open|host|house|hold|have|draw)\b"),
    ("announced", r"\bannounc\w+|\bunveil\w*|\bpledg\w+|\bcommit\w*|\bagreed\b|\bsigned\b|\border(?:ed|ing|s)\b|\bapproved\b|\bdecid\w+|\bconfirm\w*|\bawarded\b|\ballocat\w+|\bset aside\b|\bpromis\w+|\bsa(?:id|ys) (?:[^.;,]{0,24} )?(?:that )?(?:it|they|he|she|we) (?:would|will)(?: \w+)?|\bwill (?:also |now )?(?:install|field|build|construct|equip|procure|lease|acquire|purchase|set up|set aside|double|triple|expand|invest|spend|supply|provide|receive|put|give|pour|fund|pay|contribute|buy|lend|ship|deploy|commit|finance|subsidi[sz]e|back)\b|\bis (?:investing|buying|providing|putting|spending|funding)\b|\bis to (?:receive|be made)|\bwill take\b|\breserved\b|\boffered\b|\bspoken for\b|\bcontract\b|\bcleared\b|\bbudget(?:ed)?\b|\bcarries an outlay|\bputs? up\b|\bgranted\b|\bgrant of\b|\bwon (?:a|an)\b|\bborne\b|\bdeal\b|\bgoes to\b|\bcalls for\b|\btakes\b"),
    ("completed", r"\braised\b|\bspent\b|\bpaid\b|\bbought\b|\bacquired\b|\bsecured\b|\breceived\b|\bclosed\b|\bpurchased\b|\binvested\b|\bcompleted\b|\bdelivered\b|\bcost\b|\bcosts of\b|\bpoured\b|\btook in\b|\bsnapped up\b|\bshipped\b|\bhas put\b|\bwas given\b|\bput in\b|\bborrowed\b|\bcollected\b|\bchipped in\b|\bcontributed\b|\bgone out\b|\bdrawn down\b|\bfunded by\b|\bpaid for\b|\bfinanced by\b"),
    ("operational", r"(?<!will )(?<!would )(?<!to )(?<!could )\b(?:operat(?:es|ing|ional)|runs|running|holds|owns|houses|hosts|uses|draws|consumes|compris\w+|consists?|contains?|delivers|boasts|packs|rents|counts(?! on))\b|\b(?:has|have|had)\b(?! (?:announced|pledged|promised|ordered|agreed|signed|raised|spent|paid|bought|set|asked|drawn|put|been|begun|started|cancelled|scrapped))|\bin (?:use|service|operation)\b|\binstalled\b|\brated\b|\bswitched on\b|\bwent live\b|\bonline\b|\blive\b|\balready\b|\bcurrently\b|\btoday\b|\bmeasured\b|\bachiev\w+|\breached\b|\bis now\b|\bavailable\b|\bnow has\b|\bscored\b|\bposted\b|\bclocked\b|\bin place\b"),
)  # fmt: skip

# A date to come before the figure: what is said of it is a goal.
GOAL_TIME = re.compile(r"까지|내년|후년|향후|앞으로|までに|来年|再来年|年度末|今後|\bby (?:the end of |mid-|late |early )?20\d\d|\bnext (?:year|spring|summer|autumn|fall)\b|\bover (?:the next )?(?:\w+ )?years\b", re.I)
# The topic of a clause that tells of a plan: 投資の計画は、Aが…, 예산안은 …
PLANNED_TOPIC = re.compile(r"(?:計画|目標|見通し|予定|構想|予算案|계획|목표치?|전망|방안|구상|예산안)(?:では|は|의|은|는|상|에는|에)[^。.]*$|(?:되면|하면|들이면|끝나면|마치면|한다면|すれば|届けば|れば)[\s、,][^。.]*$|\b(?:once|when complete|when finished|if)\b[^.;]*$", re.I)
# The present, directly before the figure.
NOW = re.compile(r"(?:현재|이미|지금|기존|지금까지|既存の?|現在|すでに|今は|いまは|いま|\bcurrent(?:ly)?|\balready|\bexisting|\btoday's|\bpresent)\s?(?:의|の|운영 중인|보유한)?\s?[^\d,.、。]{0,14}$", re.I)
