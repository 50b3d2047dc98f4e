"""Made-up names: surnames by how common they are, given names by generation, a few names in Latin letters."""

from __future__ import annotations

from random import Random

#: A surname stands here the oftener, the more people have it; compound ones come last.
SURNAMES = (
    *("王李张刘陈" * 6),
    *("杨黄赵吴周徐孙马朱胡" * 3),
    *"郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚",
    *"卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛",
    *("欧阳", "上官", "司马", "诸葛", "皇甫", "夏侯"),
)
#: The later the birth, the further right.
GENERATIONS = {
    "男": (
        ("建国", "国强", "德明", "福生", "长根", "水根", "志平", "永年"),
        ("建军", "卫东", "志强", "国华", "文斌", "海龙", "晓明", "立新"),
        ("伟", "磊", "涛", "俊杰", "晓峰", "浩", "鹏飞", "斌"),
        ("子轩", "浩然", "宇航", "一鸣", "天佑", "嘉豪", "梓豪", "明轩"),
    ),
    "女": (
        ("秀英", "桂兰", "玉珍", "凤仙", "阿娣", "水珍", "月英", "招娣"),
        ("丽华", "建英", "美玲", "红梅", "秀丽", "爱萍", "小芬", "雪琴"),
        ("静", "敏", "婷婷", "丽", "晓燕", "倩", "雯", "芳"),
        ("欣怡", "梓涵", "雨桐", "思琪", "诗涵", "佳怡", "一诺", "可馨"),
    ),
}
LATIN_FAMILY = ("Smith", "Brown", "Miller", "Garcia", "Novak", "Rossi", "Okafor", "Schmidt", "Larsen", "Dubois")
LATIN_GIVEN = ("Anna", "John", "Maria", "Peter", "Laura", "David", "Nina", "Mark", "Sofia", "Paul")


def chinese_name(rng: Random, gender: str, birth_year: int, surname: str = "") -> str:
    """Return a full name; with `surname` the person is of that family."""
    generation = 0 if birth_year < 1958 else 1 if birth_year < 1978 else 2 if birth_year < 1996 else 3
    return (surname or rng.choice(SURNAMES)) + rng.choice(GENERATIONS[gender][generation])


def latin_name(rng: Random) -> str:
    """Return a name as a passport has it, family name first."""
    return f"{rng.choice(LATIN_FAMILY)}, {rng.choice(LATIN_GIVEN)}"
