//! The words that invented clients are made of.

/// A line of business: its word in names, industry code, what it does, from whom, for whom.
pub(super) struct Trade {
    pub(super) word: &'static str,
    pub(super) industry_code: &'static str,
    pub(super) business: &'static str,
    pub(super) upstream: &'static str,
    pub(super) downstream: &'static str,
    /// Revenue of a small firm of the trade, in 万元.
    pub(super) revenue_wan: i64,
}

const fn trade(
    word: &'static str,
    industry_code: &'static str,
    business: &'static str,
    upstream: &'static str,
    downstream: &'static str,
    revenue_wan: i64,
) -> Trade {
    Trade { word, industry_code, business, upstream, downstream, revenue_wan }
}

pub(super) const TRADES: [Trade; 14] = [
    trade("商贸", "F5141", "文具用品批发", "文具生产厂家", "学校与办公用品门店", 900),
    trade("食品", "C1411", "糕点、面包制造", "面粉与油脂供应商", "连锁便利店", 1_800),
    trade("科技", "I6513", "应用软件开发", "云服务商", "制造企业信息部门", 1_200),
    trade("建筑装饰", "E5011", "公共建筑装饰和装修", "建材经销商", "写字楼业主", 2_600),
    trade("餐饮", "H6210", "正餐服务", "农产品配送商", "周边居民与上班族", 480),
    trade("物流", "G5431", "普通货物道路运输", "加油站与车辆维修厂", "批发市场商户", 1_500),
    trade("机械", "C3463", "气体、液体分离设备制造", "钢材与阀门供应商", "化工企业", 4_200),
    trade("纺织", "C1751", "化纤织造加工", "化纤原料厂", "服装加工厂", 3_600),
    trade("农业", "A0141", "蔬菜种植", "种子与农资公司", "农贸市场与团餐公司", 320),
    trade("文化传媒", "R8810", "文艺创作与表演策划", "场地与设备租赁商", "文旅景区", 260),
    trade("企业管理", "L7221", "企业总部管理咨询", "数据服务商", "中小企业", 380),
    trade("医药", "F5152", "中药批发", "中药材种植合作社", "药房与诊所", 5_200),
    trade("物业", "K7020", "住宅与园区物业管理", "保洁与绿化外包商", "业主", 760),
    trade("检测技术", "M7452", "产品质量检测服务", "仪器设备厂商", "电子与玩具厂", 640),
];

pub(super) const FANCIES: [&str; 32] = [
    "青禾", "云杉", "白鹭", "松月", "远岫", "晴川", "知微", "朝露", "石榴", "半夏", "鹿鸣", "听雨",
    "拾光", "南枝", "野渡", "星芒", "竹溪", "麦浪", "扶桑", "归雁", "砚池", "芦花", "霜序", "桐荫",
    "千寻", "暮山", "沐风", "棠梨", "汀兰", "萤火", "橘井", "纸鸢",
];

pub(super) const SURNAMES: [&str; 24] = [
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨",
    "朱", "秦", "尤", "许", "何", "欧阳", "上官", "司徒",
];

pub(super) const GIVEN: [&str; 16] = [
    "样一", "例川", "示安", "样宁", "例禾", "示远", "样舟", "例岚", "示之", "样朴", "例新", "示棠",
    "样", "例", "示", "样平",
];

/// Division code, province, city, district: places that exist, so that look-ups find them.
pub(super) const PLACES: [(&str, &str, &str, &str); 12] = [
    ("110105", "北京市", "北京市", "朝阳区"),
    ("310115", "上海市", "上海市", "浦东新区"),
    ("440305", "广东省", "深圳市", "南山区"),
    ("440106", "广东省", "广州市", "天河区"),
    ("330106", "浙江省", "杭州市", "西湖区"),
    ("320106", "江苏省", "南京市", "鼓楼区"),
    ("510107", "四川省", "成都市", "武侯区"),
    ("420106", "湖北省", "武汉市", "武昌区"),
    ("370202", "山东省", "青岛市", "市南区"),
    ("350203", "福建省", "厦门市", "思明区"),
    ("610113", "陕西省", "西安市", "雁塔区"),
    ("120101", "天津市", "天津市", "和平区"),
];

pub(super) const STREETS: [&str; 8] =
    ["样例路", "演示街", "示范大道", "虚拟巷", "测试里", "假想路", "范本街", "试行道"];

pub(super) const BANKS: [&str; 6] =
    ["示例银行", "样例农商银行", "演示商业银行", "范本村镇银行", "虚构城市银行", "示范信用社"];

pub(super) const POSTS: [&str; 6] =
    ["财务负责人", "总经理", "出纳", "办公室主任", "办税员", "股东"];

pub(super) const PURPOSES: [&str; 6] =
    ["流动资金周转", "采购原材料", "购置设备", "门店装修", "订单备货", "偿还到期借款"];

pub(super) const NEED_STATES: [&str; 5] =
    ["considering", "preparing", "applied", "approved", "drawn"];

pub(super) const LICENCES: [&str; 5] = [
    "食品经营许可证",
    "道路运输经营许可证",
    "建筑业企业资质证书",
    "排污许可证",
    "对外贸易经营备案",
];

pub(super) const RELATIONS: [&str; 4] = ["法定代表人", "股东", "配偶", "关联企业负责人"];
