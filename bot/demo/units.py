"""The twelve units of the made-up town, and what residents want of them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("编号", "名称", "英文名称", "评议类别", "职责", "热线", "免评")
#: Id, name, English name, class, duties, extension of the hotline, exempt.
UNITS = (
    ("chengguan", "城市管理局", "Urban Management", "公共服务", "路灯、占道、垃圾清运", "01", ""),
    ("shuiwu", "水务局", "Water Bureau", "公共服务", "供水、排水、河道", "02", ""),
    ("jiaotong", "交通运输局", "Transport Bureau", "公共服务", "公交、公路、客运", "03", ""),
    ("zhujian", "住房和城乡建设局", "Housing Bureau", "公共服务", "小区物业、房屋安全", "04", ""),
    ("gongan", "公安局", "Public Security", "行政执法", "户籍、治安、噪音", "05", ""),
    ("shengtai", "生态环境局", "Environment Bureau", "行政执法", "污水、油烟、扬尘", "06", ""),
    ("shichang", "市场监督管理局", "Market Supervision", "行政执法", "食品、价格、电梯", "07", ""),
    ("minzheng", "民政局", "Civil Affairs", "社会保障", "低保、养老、救助", "08", ""),
    ("renshe", "人力资源和社会保障局", "Social Security", "社会保障", "社保、就业、工资", "09", ""),
    ("weijian", "卫生健康局", "Health Bureau", "社会保障", "医院、卫生院、疫苗", "10", ""),
    ("xinfang", "信访局", "Letters and Visits", "综合部门", "来信来访", "11", "是"),
    ("dangan", "档案馆", "Archives", "综合部门", "查档", "12", "是"),
)


@dataclass(frozen=True, slots=True)
class Topic:
    """Something residents want handled.

    `word` is what a clerk knows it by, `texts` how residents put it, `done` what the unit says it did, first and
    later; `still` is what a resident says when it was not done.
    """

    unit: str
    word: str
    texts: tuple[str, ...]
    done: tuple[str, str]
    still: str


TOPICS = (
    Topic(
        "chengguan",
        "路灯",
        ("小区门口的路灯坏了半个月,晚上一片黑", "巷子里三盏路灯都不亮了", "村口路灯闪来闪去没人管"),
        ("已更换灯泡并现场试亮", "已更换线路和灯具,夜间复查正常"),
        "还是不亮,晚上照样黑",
    ),
    Topic(
        "shuiwu",
        "河",
        ("屋后的河里漂着白沫,水发臭", "河边垃圾没人捞,水都黑了"),
        ("已打捞河面垃圾并排查排口", "已封堵排口,河水已换清"),
        "河水还是臭的",
    ),
    Topic(
        "chengguan",
        "垃圾",
        ("楼下垃圾桶好几天没人清,味道很大", "菜场后面垃圾堆成山了"),
        ("已清运垃圾并增加清运班次", "已增设垃圾桶,每天两次清运"),
        "第二天又堆满了",
    ),
    Topic(
        "shuiwu",
        "自来水",
        ("自来水发黄有铁锈味,好几天了", "四楼以上自来水压力不够,早上放不出水"),
        ("已冲洗管道", "已更换老旧管段"),
        "水还是黄的",
    ),
    Topic(
        "jiaotong",
        "公交",
        ("去镇上的公交一天只有两班,老人看病不方便", "公交站牌倒了没人修"),
        ("已与公交公司协调加开班次", "已加开早晚各一班并张贴时刻表"),
        "班次一点没多",
    ),
    Topic(
        "zhujian",
        "电梯",
        ("电梯三天两头停,物业不管", "高层电梯坏了,老人下不了楼"),
        ("已督促物业维修", "已更换电梯主板并检验合格"),
        "昨天又停了",
    ),
    Topic(
        "gongan",
        "吵",
        ("楼下烧烤摊半夜还在吵", "广场音响天天吵到十一点"),
        ("已上门劝导摊主", "已约定晚上九点半收摊"),
        "还是吵到半夜",
    ),
    Topic(
        "shengtai",
        "油烟",
        ("饭店油烟直接往居民楼排", "作坊的油烟熏得不敢开窗"),
        ("已要求加装净化设备", "已安装净化器并检测达标"),
        "油烟味还是很重",
    ),
    Topic(
        "minzheng",
        "低保",
        ("低保申请交了两个月没有回音", "低保金这个月没到账"),
        ("已核对材料并上报", "已办理并补发到账"),
        "钱还是没到",
    ),
    Topic(
        "weijian",
        "卫生院",
        ("卫生院下午经常没医生", "卫生院的药老是缺货"),
        ("已调整排班", "已加派医生并公示排班表"),
        "昨天去还是没人",
    ),
)
#: How a resident who writes English puts it; the unit is found by the same words.
ENGLISH_TEXTS = {"路灯": "The street lamp (路灯) at our gate has been out for two weeks"}


def topic_of(text: str) -> Topic:
    """Return what a clerk would take `text` to be about; what fits nothing goes to urban management."""
    return next((topic for topic in TOPICS if topic.word in text), TOPICS[0])


def write_units(path: Path) -> None:
    """Write the directory as a CSV; hotlines begin with an area code that does not exist."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows((*unit[:5], f"0009-123{unit[5]}", unit[6]) for unit in UNITS)
