"""The columns of the files of 2026 that follow those of period, area and breakdown, as published."""

HEADERS = {
    "caseload.csv": (
        "ehcplans mainstream_la_maintained mainstream_la_maintained_resourced_provision "
        "mainstream_la_maintained_senunit mainstream_academy mainstream_academy_resourced_provision "
        "mainstream_academy_senunit mainstream_free_school mainstream_free_school_resourced_provision "
        "mainstream_free_school_senunit mainstream_independent mainstream_total mainstream_total_pc "
        "special_la_maintained special_academy special_free_school special_independent special_non_maintained "
        "special_total special_total_pc ap_pru_academy ap_pru_free_school ap_pru_la_maintained ap_pru_total "
        "ap_pru_total_pc general_fe_tertiary_colleges specialist_post_16_institutions ukrlp_provider fe_total "
        "fe_total_pc elective_home_education other_arrangements_la other_arrangements_parents online_provider "
        "w_settings other_schools other_placement_settings neet neet_ntci neet_other neet_other_csa "
        "ed_elsewhere ed_elsewhere_pc nm_early_years nm_early_years_pc placement_unknown placement_unknown_pc "
        "await_prov_2022 perm_ex_2022"
    ),
    "newplans.csv": (
        "new_ehc_plans mainstream_la_maintained mainstream_la_maintained_resourced_provision "
        "mainstream_la_maintained_senunit mainstream_academy mainstream_academy_resourced_provision "
        "mainstream_academy_senunit mainstream_free_school mainstream_free_school_resourced_provision "
        "mainstream_free_school_senunit mainstream_independent mainstream_total mainstream_total_pc "
        "special_la_maintained special_academy special_free_school special_independent special_non_maintained "
        "special_total special_total_pc ap_pru_academy ap_pru_free_school ap_pru_la_maintained ap_pru_total "
        "ap_pru_total_pc general_fe_tertiary_colleges specialist_post_16_institutions ukrlp_provider fe_total "
        "fe_total_pc elective_home_education other_arrangements_la other_arrangements_parents online_provider "
        "w_settings other_schools other_placement_settings neet neet_ntci neet_other neet_other_csa "
        "ed_elsewhere ed_elsewhere_pc nm_early_years nm_early_years_pc placement_unknown placement_unknown_pc "
        "await_prov perm_ex"
    ),
    "sen_needs_caseload.csv": (
        "ehc_plans number_asd number_ds number_hi number_mld number_msi number_oth number_pd number_pmld "
        "number_semh number_slcn number_sld number_spld number_vi number_need_unknown asd_pc ds_pc hi_pc "
        "mld_pc msi_pc oth_pc pd_pc pmld_pc semh_pc slcn_pc sld_pc spld_pc vi_pc unknown_pc"
    ),
    "sen_need_newplans.csv": (
        "ehc_plans number_asd number_ds number_hi number_mld number_msi number_oth number_pd number_pmld "
        "number_semh number_slcn number_sld number_spld number_vi number_need_unknown asd_pc ds_pc hi_pc "
        "mld_pc msi_pc oth_pc pd_pc pmld_pc semh_pc slcn_pc sld_pc spld_pc vi_pc unknown_pc"
    ),
    "requests.csv": (
        "requests_received_in_year requests_rya requests_decided_to_assess requests_decided_not_to_assess "
        "requests_decision_not_made requests_withdrawn request_assess_pc request_not_assess_pc "
        "request_outstanding_pc request_withdrawn_pc request_outcome_six_weeks request_outcome_over_6_weeks "
        "request_outcome_six_weeks_pc request_outcome_over_6_weeks_pc mediation_related_request "
        "tribunal_related_request tribunal_after_mediation_request"
    ),
    "assessments.csv": (
        "assess_in_year assess_issued assess_issued_pc assess_not_issued assess_not_issued_pc assess_not_made "
        "assess_not_made_pc assess_withdrawn assess_withdrawn_pc outcome_decision_within_time "
        "outcome_decision_over_time outcome_decision_within_time_pc outcome_decision_over_time_pc "
        "number_assess_mediation number_assess_tribunal number_asssess_mediation_tribunal "
        "number_other_mediation number_other_tribunal number_other_mediation_tribunal"
    ),
    "timeliness_20_week.csv": (
        "plans_issued_den plans_issued_den_ex plans_issued_within_20_weeks plans_issued_20_weeks_ex "
        "pc_plans_issued_within_20_weeks pc_plans_issued_20_weeks_ex plans_issued_gt20weeks_ltyear "
        "plans_issued_gt20weeks_ltyear_ex pc_plans_issued_gt20weeks_ltyear "
        "pc_plans_issued_gt20weeks_ltyear_ex plans_issued_gt_1_year plans_issued_gt_1_year_ex "
        "pc_plans_issued_gt_1_year pc_plans_issued_gt_1_year_ex avg_weeks_issue_plan avg_weeks_issue_plan_exc"
    ),
    "annual_reviews.csv": (
        "total_ehc_plans review_expected_2025 review_not_expected_2025 review_completed_2025 "
        "review_completed_prior_2025 review_not_completed outcome_amended outcome_ceased outcome_maintained "
        "no_outcome_recorded decision_4_weeks decision_over_4_weeks"
    ),
    "phase_transfers.csv": ("number_plans due_25 due_26 final_25 final_26"),
    "personal_budgets.csv": ("personal_budget org_arrangments pb_health pb_education pb_social pb_integrated"),
    "residential_settings.csv": ("res_3851 res_52 res_tot"),
    "work_based_placements.csv": ("open_supp_intern open_apprentice open_trainee open_wbp"),
    "ceased_plans.csv": (
        "max_age needs_met he employ transfer no_engage moved_outside_eng deceased other total_ceased"
    ),
}
